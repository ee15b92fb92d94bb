import { Effect, type FileSystem, Result, Stream } from "effect"
import { type ArrowError, type Line, readLines } from "../arrow/mod.ts"
import { DatasetError, FileUnreadable, KindUnsupported, LineNotJson, RowInvalid } from "./errors.ts"
import type { Format, Kinds, RowReader } from "./format/mod.ts"

/** Which file, how its lines are shaped, and how many of them are wanted (the first `limit`; all, without one). */
export interface DatasetSource {
  readonly path: string
  readonly format: string
  readonly limit?: number | undefined
}

/** A file of records of one kind, and the formats that are known. */
export interface DatasetOptions<K extends keyof Kinds> {
  readonly formats: Readonly<Record<string, Format>>
  readonly kind: K
  readonly source: DatasetSource
}

/** A record, and the line it was made of. */
export interface Row<A> {
  readonly record: A
  readonly line: Line
}

/** Longest part of a line that an error shows (characters). */
const shown = 60

const decoder = new TextDecoder()

const parse = (line: Line): Result.Result<unknown, LineNotJson> => {
  const text = decoder.decode(line.bytes)
  return Result.try({
    try: (): unknown => JSON.parse(text),
    catch: () => new LineNotJson({ line: line.number, found: text.length > shown ? `${text.slice(0, shown)}…` : text })
  })
}

const stem = (path: string) => (path.split(/[\\/]/).at(-1) ?? path).replace(/\.(jsonl|json|ndjson|txt|gz)(?=\.|$)/g, "")

/** What reads the lines of a source, or why its format gives no such records. */
const readerOf = <K extends keyof Kinds>({ formats, kind, source }: DatasetOptions<K>) => {
  const read: RowReader<Kinds[K]> | undefined = formats[source.format]?.[kind]
  if (read) return Result.succeed(read)
  const known = Object.keys(formats).filter((name) => formats[name]?.[kind])
  return Result.fail(new KindUnsupported({ format: source.format, kind, known }))
}

/** A failure to read lines, in the words of this room. */
export const unreadable =
  (path: string) =>
  ({ reason }: ArrowError): DatasetError => {
    const named = { FileMissing: "no such file", FileDamaged: "bytes that are not gzip" }
    const found = reason._tag === "FileMissing" || reason._tag === "FileDamaged" ? named[reason._tag] : reason.message
    return new DatasetError({ path, reason: new FileUnreadable({ found, cause: reason }) })
  }

/** What makes a record of a line of a source. Fails: DatasetError with KindUnsupported; the function with LineNotJson, RowInvalid. */
export const decodeRow = <K extends keyof Kinds>(options: DatasetOptions<K>) => {
  const { path, format } = options.source
  const fail = (reason: DatasetError["reason"]) => new DatasetError({ path, reason })
  return Result.mapBoth(readerOf(options), {
    onFailure: fail,
    onSuccess:
      (read) =>
      (line: Line): Result.Result<Row<Kinds[K]>, DatasetError> =>
        Result.mapBoth(
          Result.flatMap(parse(line), (value) =>
            Result.mapError(
              read(value, `${stem(path)}:${line.number}`),
              (issues) => new RowInvalid({ line: line.number, format, issues })
            )
          ),
          { onFailure: fail, onSuccess: (record) => ({ record, line }) }
        )
  })
}

/**
 * The records of a file as it is read; empty lines are skipped. A row without an id is called `<file>:<line>`.
 *
 * Fails    DatasetError: FileUnreadable, LineNotJson, RowInvalid, KindUnsupported.
 */
export const streamRows = <K extends keyof Kinds>(
  options: DatasetOptions<K>
): Stream.Stream<Row<Kinds[K]>, DatasetError, FileSystem.FileSystem> => {
  const { limit = Number.POSITIVE_INFINITY, path } = options.source
  return Stream.unwrap(
    Effect.map(Effect.fromResult(decodeRow(options)), (decode) =>
      readLines(path).pipe(
        Stream.mapError(unreadable(path)),
        Stream.take(limit),
        Stream.mapEffect((line) => Effect.fromResult(decode(line)))
      )
    )
  )
}
