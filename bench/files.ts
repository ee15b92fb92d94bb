/**
 * Reading Parquet and Arrow by column, beside `hyparquet` and `apache-arrow` used alone on the same file in the same
 * process, by turns: each value of a text and a number column is read. Then rows of JSON lines, with and without the search for
 * keys that stand twice.
 *
 * ```sh
 * node --expose-gc bench/files.ts [--json] [--rows=N]
 * ```
 */
import { readFileSync, writeFileSync } from "node:fs"
import { open } from "node:fs/promises"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { RecordBatchReader, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow"
import { Effect, FileSystem, Stream } from "effect"
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet"
import { parquetWriteBuffer } from "hyparquet-writer"
import { readRows, readTables } from "../src/arrow/mod.ts"

const options = process.argv.slice(2)
const rows = Number(options.find((option) => option.startsWith("--rows="))?.split("=")[1] ?? 50_000)
const perGroup = 10_000
const megabyte = 1024 * 1024
const turns = { warmUp: 5, counted: 15 }

const texts = Array.from({ length: rows }, (_, i) => `row ${i}: ${"whale crab pearl tide ".repeat(1 + (i % 10))}`)
const numbers = Float64Array.from({ length: rows }, (_, i) => i / 2)

/** What every reader has to find: characters and the sum of the numbers. */
const expected = texts.reduce((sum, text) => sum + text.length, 0) + numbers.reduce((sum, number) => sum + number, 0)

const sum = (values: ArrayLike<unknown>): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    total += typeof value === "string" ? value.length : Number(value)
  }
  return total
}

const checked = (total: number): void => {
  if (total !== expected) throw new Error(`found ${total}, wanted ${expected}`)
}

const ours = (path: string) =>
  readTables(path).pipe(
    Stream.runFold(
      () => 0,
      (total, { column }) => total + sum(column("text")) + sum(column("number"))
    ),
    Effect.map(checked)
  )

const hyparquet = (path: string) =>
  Effect.promise(async () => {
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    let total = 0
    for (let rowStart = 0; rowStart < rows; rowStart += perGroup)
      await parquetRead({
        file,
        metadata,
        rowStart,
        rowEnd: Math.min(rowStart + perGroup, rows),
        onChunk: ({ columnData }) => {
          total += sum(columnData)
        }
      })
    checked(total)
  })

const arrow = (path: string) =>
  Effect.promise(async () => {
    const file = await open(path)
    let total = 0
    for await (const batch of await RecordBatchReader.from(file)) {
      for (const name of ["text", "number"]) {
        const vector = batch.getChild(name)
        for (let i = 0; i < batch.numRows; i++) {
          const value: unknown = vector?.get(i)
          total += typeof value === "string" ? value.length : Number(value)
        }
      }
    }
    await file.close()
    checked(total)
  })

const jsonLines = (path: string, duplicateKeys: "refuse" | "keepLast") =>
  Stream.runDrain(readRows(path, { duplicateKeys }))

const parseAlone = (path: string) =>
  Effect.sync(() => {
    for (const line of readFileSync(path, "utf8").split("\n")) if (line !== "") JSON.parse(line)
  })

const round = (x: number): number => Number(x.toPrecision(4))

const secondsOf = Effect.fnUntraced(function* <E, R>(run: Effect.Effect<void, E, R>) {
  const started = performance.now()
  yield* run
  return (performance.now() - started) / 1000
})

/** How far the heap grows over one run when nothing is collected before. Units: MB. */
const growthOf = Effect.fnUntraced(function* <E, R>(run: Effect.Effect<void, E, R>) {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  yield* run
  return (process.memoryUsage().heapUsed - before) / megabyte
})

/** Readers of the same file by turns: the median of their seconds, and growth of the heap. */
const measured = Effect.fnUntraced(function* <E, R>(readers: Readonly<Record<string, Effect.Effect<void, E, R>>>) {
  const all = Object.entries(readers).map(([reader, run]) => ({ reader, run, taken: new Array<number>() }))
  for (let turn = 0; turn < turns.warmUp + turns.counted; turn++)
    for (const { run, taken } of all) {
      const seconds = yield* secondsOf(run)
      if (turn >= turns.warmUp) taken.push(seconds)
    }
  return yield* Effect.forEach(all, ({ reader, run, taken }) => {
    const seconds = taken.toSorted((a, b) => a - b)[turns.counted >> 1] ?? Number.NaN
    return Effect.map(growthOf(run), (growth) => ({
      reader,
      rows,
      seconds: round(seconds),
      "rows/s": round(rows / seconds),
      "heap growth MB": round(growth)
    }))
  })
})

const files = Effect.gen(function* () {
  const folder = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
  const parquet = `${folder}/rows.parquet`
  const columnData = [
    { name: "text", data: texts, type: "STRING" as const },
    { name: "number", data: numbers, type: "DOUBLE" as const }
  ]
  writeFileSync(parquet, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: perGroup })))
  const file = `${folder}/rows.arrow`
  const batches = Array.from(
    { length: Math.ceil(rows / perGroup) },
    (_, i) => [i * perGroup, (i + 1) * perGroup] as const
  )
  const table = new Table({ text: vectorFromArray(texts, new Utf8()), number: vectorFromArray(numbers) })
  writeFileSync(
    file,
    tableToIPC(
      new Table(
        table.schema,
        batches.flatMap(([from, to]) => table.slice(from, to).batches)
      ),
      "file"
    )
  )
  const lines = `${folder}/rows.jsonl`
  writeFileSync(
    lines,
    texts.map((text, i) => `${JSON.stringify({ text, number: i / 2, list: [{ text }] })}\n`).join("")
  )
  return [
    ...(yield* measured({
      "Parquet: readTables": ours(parquet),
      "Parquet: hyparquet alone": hyparquet(parquet)
    })),
    ...(yield* measured({ "Arrow: readTables": ours(file), "Arrow: apache-arrow alone": arrow(file) })),
    ...(yield* measured({
      "JSON lines: readRows": jsonLines(lines, "refuse"),
      "JSON lines: readRows, keys not counted": jsonLines(lines, "keepLast"),
      "JSON lines: split and JSON.parse, whole in memory": parseAlone(lines)
    }))
  ]
}).pipe(Effect.scoped)

const program = Effect.map(files, (found) => {
  if (!options.includes("--json")) return console.table(found)
  for (const row of found) process.stdout.write(`${JSON.stringify({ benchmark: "files", ...row })}\n`)
})

NodeRuntime.runMain(Effect.provide(program, NodeServices.layer))
