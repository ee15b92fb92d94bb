import { Effect, type FileSystem, Predicate, Schema, Stream } from "effect"
import { type ArrowError, readRows } from "../../arrow/mod.ts"
import type { BenchmarkItem } from "../../curation/mod.ts"
import { findFiles } from "./findFiles.ts"

/** A row of a test set without any of the fields that were named. */
export class BenchmarkRowInvalid extends Schema.TaggedError<BenchmarkRowInvalid>()("BenchmarkRowInvalid", {
  path: Schema.String,
  place: Schema.Literals(["line", "row"]),
  number: Schema.Int,
  fields: Schema.Array(Schema.String),
  found: Schema.Array(Schema.String)
}) {
  override get message() {
    const wanted = this.fields.map((name) => `"${name}"`).join(" or ")
    return `Cannot read test set "${this.path}": ${this.place} ${this.number} has the fields ${this.found.join(", ")}, wanted a text in ${wanted}`
  }
}

const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return Predicate.isReadonlyObject(value) ? Object.values(value).flatMap(textsOf) : []
}

/** Which test set is read: a file or folder of any kind or a data set of the hub, and the fields that are its text, all unless told. */
export interface Benchmark {
  readonly path: string
  readonly fields?: ReadonlyArray<string> | undefined
}

const itemsOf = (file: string, { fields, path }: Benchmark, label: (number: number) => string) =>
  readRows(file).pipe(
    Stream.mapEffect(({ number, place, value }) => {
      const row = Predicate.isReadonlyObject(value) ? value : {}
      const wanted = fields ?? Object.keys(row)
      const texts = wanted.flatMap((field) => textsOf(row[field]))
      const item: BenchmarkItem = { id: label(number), text: texts.join("\n") }
      return texts.length > 0
        ? Effect.succeed(item)
        : Effect.fail(new BenchmarkRowInvalid({ path, place, number, fields: wanted, found: Object.keys(row) }))
    })
  )

/** A test set that was found: its files, and its items. */
export interface OpenedBenchmark {
  readonly files: ReadonlyArray<string>
  readonly items: Stream.Stream<BenchmarkItem, ArrowError | BenchmarkRowInvalid, FileSystem.FileSystem>
}

/**
 * Finds a test set. Its items are the named fields of each row: texts, lists of texts and what lies in objects, one below the other. An
 * item is called after its line or row, with the file's name where there are several files.
 *
 * Fails    FolderError, HubError; the items with ArrowError, BenchmarkRowInvalid
 */
export const openBenchmark = Effect.fn("openBenchmark")(function* (benchmark: Benchmark) {
  const { files } = yield* findFiles({ path: benchmark.path })
  const isOne = files.length === 1
  const called = (file: string) => (number: number) =>
    isOne ? String(number) : `${file.split(/[\\/]/).at(-1) ?? file}:${number}`
  const items = Stream.flatMap(Stream.fromIterable(files), (file) => itemsOf(file, benchmark, called(file)))
  return { files, items } satisfies OpenedBenchmark
})
