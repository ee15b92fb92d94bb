/**
 * Reading Parquet and Arrow by column, beside `hyparquet` and `apache-arrow` used alone on the same file: each value of a
 * text and a number column is read. Then rows of JSON lines, with and without the search for keys that stand twice.
 * Each reader has a process of its own, by turns: in one process, each collects what the other left. On a loaded machine the
 * clock tells how long a reader waited for its turn: look at processor time, and at how often it had to wait.
 *
 * ```sh
 * node --expose-gc bench/files.ts [--json] [--rows=N] [--turns=5]
 * ```
 */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { open } from "node:fs/promises"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { RecordBatchReader, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet"
import { parquetWriteBuffer } from "hyparquet-writer"
import { readRows, readTables } from "../src/arrow/mod.ts"

const options = process.argv.slice(2)
const valueOf = (name: string): string | undefined =>
  options.find((option) => option.startsWith(`--${name}=`))?.slice(name.length + 3)
const rows = Number(valueOf("rows") ?? 50_000)
const perGroup = 10_000
const megabyte = 1024 * 1024
const runs = { warmUp: 20, counted: 20 }
const turns = Number(valueOf("turns") ?? 5)

const textOf = (row: number): string => `row ${row}: ${"whale crab pearl tide ".repeat(1 + (row % 10))}`
const numberOf = (row: number): number => row / 2

/** What every reader has to find: characters and the sum of the numbers. */
let expected = 0
for (let row = 0; row < rows; row++) expected += textOf(row).length + numberOf(row)

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

/** What a run costs: by the clock, of all threads, of the main thread, and how often a thread had to wait. Units: ms. */
const costOf = Effect.fnUntraced(function* <E, R>(run: Effect.Effect<void, E, R>) {
  const [started, before, main] = [performance.now(), process.resourceUsage(), process.threadCpuUsage()]
  yield* run
  const [after, { user, system }] = [process.resourceUsage(), process.threadCpuUsage(main)]
  return {
    clock: performance.now() - started,
    all: (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1000,
    main: (user + system) / 1000,
    waits: after.voluntaryContextSwitches - before.voluntaryContextSwitches
  }
})

/** How far the heap grows over one run when nothing is collected before. Units: MB. */
const growthOf = Effect.fnUntraced(function* <E, R>(run: Effect.Effect<void, E, R>) {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  yield* run
  return (process.memoryUsage().heapUsed - before) / megabyte
})

const middle = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
/** Of processor time, which is told in steps as long as a run. */
const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((total, value) => total + value, 0) / values.length

/** The ways to read each file, by the name of the file. */
const readers = {
  "rows.parquet": { "Parquet: readTables": ours, "Parquet: hyparquet alone": hyparquet },
  "rows.arrow": { "Arrow: readTables": ours, "Arrow: apache-arrow alone": arrow },
  "rows.jsonl": {
    "JSON lines: readRows": (path: string) => jsonLines(path, "refuse"),
    "JSON lines: readRows, keys not counted": (path: string) => jsonLines(path, "keepLast"),
    "JSON lines: split and JSON.parse, whole in memory": parseAlone
  }
} as const

const Cost = Schema.Struct({
  clock: Schema.Finite,
  least: Schema.Finite,
  processor: Schema.Finite,
  main: Schema.Finite,
  waits: Schema.Finite,
  growth: Schema.Finite
})

/** The costs of a reader in this process, as a line. */
const tell = Effect.fnUntraced(function* <E, R>(run: Effect.Effect<void, E, R>) {
  const costs: Array<Effect.Success<ReturnType<typeof costOf>>> = []
  for (let i = 0; i < runs.warmUp + runs.counted; i++) {
    const cost = yield* costOf(run)
    if (i >= runs.warmUp) costs.push(cost)
  }
  const clocks = costs.map(({ clock }) => clock)
  const said: typeof Cost.Type = {
    clock: middle(clocks),
    least: Math.min(...clocks),
    processor: mean(costs.map(({ all }) => all)),
    main: mean(costs.map(({ main }) => main)),
    waits: middle(costs.map(({ waits }) => waits)),
    growth: yield* growthOf(run)
  }
  process.stdout.write(JSON.stringify(said))
})

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Cost))
const measured = (path: string, reader: string): typeof Cost.Type => {
  const given = ["--expose-gc", import.meta.filename, `--rows=${rows}`, `--reader=${reader}`, `--path=${path}`]
  return decode(execFileSync(process.execPath, given, { encoding: "utf8" }))
}

/** Readers of the same file by turns: medians of what their processes tell. */
const compared = (path: string, names: ReadonlyArray<string>) => {
  const found = Array.from({ length: turns }, () => names.map((reader) => measured(path, reader)))
  return names.map((reader, i) => {
    const of = (part: keyof typeof Cost.Type) => middle(found.map((turn) => turn[i]?.[part] ?? Number.NaN))
    const seconds = of("clock") / 1000
    return {
      reader,
      rows,
      seconds: round(seconds),
      "least seconds": round(of("least") / 1000),
      "rows/s": round(rows / seconds),
      "processor ms": round(of("processor")),
      "main thread ms": round(of("main")),
      waits: of("waits"),
      "heap growth MB": round(of("growth"))
    }
  })
}

const writeFiles = (folder: string): void => {
  const texts = Array.from({ length: rows }, (_, row) => textOf(row))
  const numbers = Float64Array.from({ length: rows }, (_, row) => numberOf(row))
  const columnData = [
    { name: "text", data: texts, type: "STRING" as const },
    { name: "number", data: numbers, type: "DOUBLE" as const }
  ]
  writeFileSync(`${folder}/rows.parquet`, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: perGroup })))
  const table = new Table({ text: vectorFromArray(texts, new Utf8()), number: vectorFromArray(numbers) })
  const batches = Array.from(
    { length: Math.ceil(rows / perGroup) },
    (_, i) => table.slice(i * perGroup, (i + 1) * perGroup).batches
  )
  writeFileSync(`${folder}/rows.arrow`, tableToIPC(new Table(table.schema, batches.flat()), "file"))
  const lines = texts.map((text, i) => `${JSON.stringify({ text, number: numberOf(i), list: [{ text }] })}\n`)
  writeFileSync(`${folder}/rows.jsonl`, lines.join(""))
}

const all = Effect.gen(function* () {
  const folder = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
  writeFiles(folder)
  const found = Object.entries(readers).flatMap(([name, each]) => compared(`${folder}/${name}`, Object.keys(each)))
  if (!options.includes("--json")) return console.table(found)
  for (const row of found) process.stdout.write(`${JSON.stringify({ benchmark: "files", ...row })}\n`)
}).pipe(Effect.scoped)

const reader = valueOf("reader")
const read: ((path: string) => Effect.Effect<void, unknown, FileSystem.FileSystem>) | undefined = Object.values(readers)
  .flatMap((each) => Object.entries(each))
  .find(([name]) => name === reader)?.[1]
const program: Effect.Effect<void, unknown, FileSystem.FileSystem> =
  read === undefined ? all : tell(read(valueOf("path") ?? ""))

NodeRuntime.runMain(Effect.provide(program, NodeServices.layer))
