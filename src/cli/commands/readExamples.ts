import { Effect, Stream } from "effect"
import { BadInput } from "../BadInput.ts"
import { dataBadInput, openSource, type SourceOptions, tellLeftOut } from "./openSource.ts"
import { type ExampleKindName, exampleKinds } from "../exampleKinds.ts"

/** Which rows of which file a command reads, and as what. */
export interface ExamplesOptions extends SourceOptions {
  readonly data: string
  readonly kind: ExampleKindName | undefined
}

/** What a person wrote is the reason of the failure. */
export const badInput = Effect.mapError((error: Error) => new BadInput({ message: error.message }))

/** What a first row may be, in the order in which it is asked. */
const kinds = ["judged", "preferences", "demonstrations"] as const

/**
 * The rows of a source, as what `--kind` says, or as what the first row is.
 *
 * Fails    BadInput.
 */
export const readExamples = Effect.fnUntraced(function* (options: ExamplesOptions) {
  const { DatasetError, RowsMissing } = yield* Effect.promise(() => import("../../dataset/mod.ts"))
  const { data: path, kind: told } = options
  const { counts, kind: read, rows } = yield* openSource(path, options, told ? [exampleKinds[told].reads] : kinds)
  const kind = told ?? read
  const { names, pairwise } = exampleKinds[kind]
  const examples = yield* Stream.runCollect(rows)
  yield* tellLeftOut(counts())
  if (examples.length === 0) return yield* new DatasetError({ path, reason: new RowsMissing() })
  return { kind, names, pairwise, examples }
}, dataBadInput)
