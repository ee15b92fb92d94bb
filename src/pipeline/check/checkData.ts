import { Effect } from "effect"
import { formats, kindOf, type Kinds, readDataset } from "../../dataset/mod.ts"
import type { Issue } from "../errors.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"
import { fullSource, type Source } from "../file/Source.ts"

/** The rows of one file of a pipeline, or what is wrong with it. */
export interface Rows<A> {
  readonly rows: ReadonlyArray<A>
  readonly issues: ReadonlyArray<Issue>
}

/** Reads one file of records that a pipeline or training names under `key`, of the kind that its first row is; none gives no rows. */
export const checkData = Effect.fn("checkData")(function* <K extends keyof Kinds>(
  pipeline: { readonly at: (path: KeyPath) => string },
  options: { readonly kinds: ReadonlyArray<K>; readonly key: KeyPath; readonly source: Source | undefined }
) {
  if (options.source === undefined) return { rows: [], issues: [] } satisfies Rows<Kinds[K]>
  const source = fullSource(options.source)
  const kind = kindOf({ formats, kinds: options.kinds, source })
  const read = Effect.flatMap(kind, (found) => readDataset({ formats, kind: found, source }))
  return yield* Effect.match(read, {
    onSuccess: (rows): Rows<Kinds[K]> => ({ rows, issues: [] }),
    onFailure: ({ message }): Rows<Kinds[K]> => ({
      rows: [],
      issues: [{ at: pipeline.at(options.key), key: dotted(options.key), detail: message }]
    })
  })
})
