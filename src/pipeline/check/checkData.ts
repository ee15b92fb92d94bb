import { Effect, Stream } from "effect"
import {
  DatasetError,
  type DatasetSource,
  formats,
  kindOf,
  type Kinds,
  readDataset,
  RowsMissing
} from "../../dataset/mod.ts"
import { type DataSource, openData } from "../data/mod.ts"
import type { Issue } from "../errors.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"
import { isLines } from "./isLines.ts"
import { fullSource, type Source } from "../file/Source.ts"

/** The rows of one file of a pipeline, or what is wrong with it. */
export interface Rows<A> {
  readonly rows: ReadonlyArray<A>
  readonly issues: ReadonlyArray<Issue>
}

const readLines = <K extends keyof Kinds>(source: DatasetSource, kinds: ReadonlyArray<K>) =>
  Effect.flatMap(kindOf({ formats, kinds, source }), (kind) => readDataset({ formats, kind, source }))

const readOthers = Effect.fnUntraced(function* <K extends keyof Kinds>(source: DataSource, kinds: ReadonlyArray<K>) {
  const { rows } = yield* openData({ source, kinds })
  const records: ReadonlyArray<Kinds[K]> = yield* Stream.runCollect(rows)
  if (records.length === 0) return yield* new DatasetError({ path: source.path, reason: new RowsMissing() })
  return records
})

/** Reads one file of records that a pipeline or training names under `key`, of the kind that its first row is; none gives no rows. */
export const checkData = Effect.fn("checkData")(function* <K extends keyof Kinds>(
  pipeline: { readonly at: (path: KeyPath) => string },
  options: { readonly kinds: ReadonlyArray<K>; readonly key: KeyPath; readonly source: Source | undefined }
) {
  if (options.source === undefined) return { rows: [], issues: [] } satisfies Rows<Kinds[K]>
  const source = fullSource(options.source)
  const read = (yield* isLines(source)) ? readLines(source, options.kinds) : readOthers(source, options.kinds)
  return yield* Effect.match(read, {
    onSuccess: (rows): Rows<Kinds[K]> => ({ rows, issues: [] }),
    onFailure: ({ message }): Rows<Kinds[K]> => ({
      rows: [],
      issues: [{ at: pipeline.at(options.key), key: dotted(options.key), detail: message }]
    })
  })
})
