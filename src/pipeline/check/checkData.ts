import { Effect, Stream } from "effect"
import { DatasetError, type Kinds, RowsMissing } from "../../dataset/mod.ts"
import type { StoredExamples } from "../../training/mod.ts"
import { type FoundSource, openData, placedSource, sourceIssues } from "../data/mod.ts"
import type { Issue } from "../errors.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"
import { fullSource, type Source } from "../file/Source.ts"

type TrainingKind = Exclude<keyof Kinds, "prompts">

/** The rows of one source of a pipeline, read once and again when they are wanted, and what was found there, or what is wrong with it. */
export interface Rows<A extends Kinds[TrainingKind]> extends StoredExamples<A> {
  readonly found: ReadonlyArray<FoundSource>
  readonly issues: ReadonlyArray<Issue>
}

/** What is wrong with a source as it is written. */
export const writtenIssues = (
  { at }: { readonly at: (path: KeyPath) => string },
  key: KeyPath,
  source: Source
): ReadonlyArray<Issue> =>
  sourceIssues(fullSource(source)).map(({ detail, key: below }) => {
    const path = below === "" ? key : [...key, below]
    return { at: at(path), key: dotted(path), detail }
  })

/**
 * Reads one source of records that a pipeline or training names under `key`, of the kind that its first row is; none gives no
 * rows. `see` is told each row.
 */
export const checkData = Effect.fn("checkData")(function* <K extends TrainingKind>(
  pipeline: { readonly at: (path: KeyPath) => string },
  options: {
    readonly kinds: ReadonlyArray<K>
    readonly key: KeyPath
    readonly source: Source | undefined
    readonly see?: (row: Kinds[K]) => void
  }
) {
  const { key, kinds, see } = options
  const nothing = { length: 0, rows: Stream.empty, found: [], issues: [] }
  if (options.source === undefined) return nothing satisfies Rows<Kinds[K]>
  const issues = writtenIssues(pipeline, key, options.source)
  if (issues.length > 0) return { ...nothing, issues } satisfies Rows<Kinds[K]>
  const source = placedSource(fullSource(options.source))
  const read = Effect.gen(function* () {
    const { kind, lineage, rows: records } = yield* openData({ source, kinds })
    const rows = records as StoredExamples<Kinds[K]>["rows"] // as: both tables name the same records
    let length = 0
    yield* Stream.runForEach(rows, (row) =>
      Effect.sync(() => {
        length += 1
        see?.(row)
      })
    )
    if (length === 0) return yield* new DatasetError({ path: source.path, reason: new RowsMissing() })
    return { length, rows, found: [{ key: dotted(key), kind, lineage }] }
  })
  return yield* Effect.match(read, {
    onSuccess: (found): Rows<Kinds[K]> => ({ ...found, issues: [] }),
    onFailure: (error): Rows<Kinds[K]> => ({
      ...nothing,
      issues: [
        {
          at: pipeline.at([...key, "path"]),
          key: dotted(key),
          detail: error instanceof Error ? error.message : String(error)
        }
      ]
    })
  })
})
