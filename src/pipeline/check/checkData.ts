import { Effect, type FileSystem, type Path, Stream } from "effect"
import {
  DatasetError,
  type DatasetSource,
  formats,
  kindOf,
  type Kinds,
  RowsMissing,
  streamRows
} from "../../dataset/mod.ts"
import type { StoredExamples } from "../../training/mod.ts"
import { type DataError, type DataKinds, type DataSource, openData } from "../data/mod.ts"
import type { Issue } from "../errors.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"
import { isLines } from "./isLines.ts"
import { fullSource, type Source } from "../file/Source.ts"

type TrainingKind = Exclude<keyof Kinds, "prompts">

/** The rows of one file of a pipeline, read once and again when they are wanted, or what is wrong with it. */
export interface Rows<A extends Kinds[TrainingKind]> extends StoredExamples<A> {
  readonly issues: ReadonlyArray<Issue>
}

const openLines = Effect.fnUntraced(function* <K extends TrainingKind>(source: DatasetSource, kinds: ReadonlyArray<K>) {
  const kind = yield* kindOf({ formats, kinds, source })
  return Stream.map(streamRows({ formats, kind, source }), ({ record }): Kinds[K] => record)
})

type OtherRows<A> = Stream.Stream<A, DataError, FileSystem.FileSystem | Path.Path>

const openOthers = Effect.fnUntraced(function* <K extends TrainingKind>(source: DataSource, kinds: ReadonlyArray<K>) {
  const { rows } = yield* openData({ source, kinds })
  return rows satisfies OtherRows<DataKinds[K]> as OtherRows<Kinds[K]> // as: both tables name the same records
})

/**
 * Reads one file of records that a pipeline or training names under `key`, of the kind that its first row is; none gives no
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
  const nothing = { length: 0, rows: Stream.empty, issues: [] }
  if (options.source === undefined) return nothing satisfies Rows<Kinds[K]>
  const { kinds, see } = options
  const source = fullSource(options.source)
  const read = Effect.gen(function* () {
    const lines = yield* isLines(source)
    const rows: OtherRows<Kinds[K]> = lines ? yield* openLines(source, kinds) : yield* openOthers(source, kinds)
    let length = 0
    yield* Stream.runForEach(rows, (row) =>
      Effect.sync(() => {
        length += 1
        see?.(row)
      })
    )
    if (length === 0) return yield* new DatasetError({ path: source.path, reason: new RowsMissing() })
    return { length, rows }
  })
  return yield* Effect.match(read, {
    onSuccess: (found): Rows<Kinds[K]> => ({ ...found, issues: [] }),
    onFailure: ({ message }): Rows<Kinds[K]> => ({
      ...nothing,
      issues: [{ at: pipeline.at(options.key), key: dotted(options.key), detail: message }]
    })
  })
})
