import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Result, Stream } from "effect"
import { ArrowError, readRows } from "../../../src/arrow/mod.ts"
import { withFile } from "../temporary.ts"
import { type DamagedFile, damagedFiles } from "./damagedFiles.ts"

/** Far beyond what all readings of one test need on a busy machine; a reader that hangs does so for minutes. Milliseconds. */
const timeLimit = 20_000
/** A byte with all its bits turned, with the lowest one turned, and wiped. */
const waysOfDamage = (byte: number) => [byte ^ 0xff, byte ^ 1, 0]

/** What is wrong with the way a damaged file was read; undefined when rows or a tagged error came. */
const fault = (path: string, rows: number) =>
  Effect.map(Effect.result(Stream.runCollect(readRows(path))), (read) => {
    if (Result.isFailure(read)) return read.failure instanceof ArrowError ? undefined : String(read.failure)
    return read.success.length === rows ? undefined : `${read.success.length} rows`
  }).pipe(Effect.catchDefect((defect) => Effect.succeed(`a defect: ${String(defect)}`)))

/** Every way of damage at some places that is not told. */
const faults = ({ name, bytes }: DamagedFile, places: ReadonlyArray<number>) =>
  withFile(name, (path) =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      yield* fileSystem.writeFile(path, bytes)
      const rows = (yield* Stream.runCollect(readRows(path))).length
      const found: Array<string> = []
      for (const place of places)
        for (const byte of waysOfDamage(bytes[place] ?? 0)) {
          const damaged = bytes.slice()
          damaged[place] = byte
          yield* fileSystem.writeFile(path, damaged)
          const wrong = yield* fault(path, rows)
          if (wrong !== undefined) found.push(`byte ${place} as ${byte}: ${wrong}`)
        }
      return found
    })
  )

describe("readRows() gives as many rows as there were, or a tagged error, when a byte is damaged", () => {
  for (const file of damagedFiles) {
    const sample = Array.from({ length: Math.ceil(file.bytes.length / file.step) }, (_, i) => i * file.step)
    it.effect(
      `in ${file.name}, one of ${file.step} bytes`,
      () => Effect.map(faults(file, sample), (found) => assert.deepStrictEqual(found, [])),
      timeLimit
    )
    if (file.deadly.length > 0)
      it.effect(
        `in ${file.name}, where counts and lengths lie`,
        () => Effect.map(faults(file, file.deadly), (found) => assert.deepStrictEqual(found, [])),
        timeLimit
      )
  }
})
