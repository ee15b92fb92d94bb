import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { Effect, Stream } from "effect"
import type { RawRow } from "../../../src/arrow/mod.ts"
import { type Readable, readSource } from "../../../src/dataset/mod.ts"

/** Where a file of fixture rows lies. */
export const fixture = (dataset: string) => new URL(`../../../fixtures/dataset/${dataset}.jsonl`, import.meta.url)

/** The rows of JSON lines, or of a JSON array, packed or not. */
export const rowsOf = (file: URL): ReadonlyArray<RawRow> => {
  const bytes = readFileSync(file)
  const text = (file.pathname.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()
  const values: ReadonlyArray<unknown> = text.startsWith("[")
    ? JSON.parse(text)
    : text
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line))
  return values.map((value, i) => ({ place: "line", number: i + 1, value }))
}

/** What rows of a data set give. */
export const readAll = Effect.fnUntraced(function* <A>(
  dataset: string,
  source: Readable<A>,
  rows: ReadonlyArray<RawRow>,
  onError: "stop" | "skip" = "stop"
) {
  const reading = readSource({ dataset, source, rows: Stream.fromIterable(rows), path: "file", name: "file", onError })
  const records = yield* Stream.runCollect(reading.stream)
  return { records, counts: reading.counts() }
})
