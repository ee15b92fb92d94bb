import { Effect, Result, Stream } from "effect"
import { DatasetError, KindUnsupported, RowInvalid } from "./errors.ts"
import type { Kinds } from "./format/mod.ts"
import { type DatasetOptions, streamRows } from "./streamRows.ts"

/** A file whose rows may be of several kinds; where the first row is of more than one, the first of `kinds` is taken. */
export interface KindOptions<K extends keyof Kinds> extends Pick<DatasetOptions<K>, "formats" | "source"> {
  readonly kinds: ReadonlyArray<K>
}

/**
 * What the rows of a file are: the only one of some kinds that its format gives, or the one that its first row is.
 *
 * Fails    DatasetError: KindUnsupported, FileUnreadable, LineNotJson, RowInvalid with what is wrong for each kind.
 */
export const kindOf = Effect.fn("kindOf")(function* <K extends keyof Kinds>(options: KindOptions<K>) {
  const { formats, kinds, source } = options
  const { format, path } = source
  const given = (name: string) => kinds.filter((kind) => formats[name]?.[kind])
  const fail = (reason: DatasetError["reason"]) => new DatasetError({ path, reason })
  const [only, other] = given(format)
  if (only === undefined) {
    const known = Object.keys(formats).filter((name) => given(name).length > 0)
    return yield* fail(new KindUnsupported({ format, kind: kinds.join(" or "), known }))
  }
  if (other === undefined) return only
  const problems: Array<string> = []
  let line = 1
  for (const kind of given(format)) {
    const first = streamRows({ formats, kind, source: { ...source, limit: 1 } })
    const found = yield* Effect.result(Stream.runDrain(first))
    if (Result.isSuccess(found)) return kind
    const { reason } = found.failure
    if (reason._tag !== "RowInvalid") return yield* fail(reason)
    problems.push(`as ${kind}, ${reason.issues}`)
    line = reason.line
  }
  return yield* fail(new RowInvalid({ line, format, issues: problems.join("; ") }))
})
