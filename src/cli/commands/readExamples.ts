import { Effect } from "effect"
import { BadInput } from "../BadInput.ts"
import { type ExampleKindName, exampleKinds } from "../exampleKinds.ts"

/** Which rows of which file a command reads, and as what. */
export interface ExamplesOptions {
  readonly data: string
  readonly format: string
  readonly kind: ExampleKindName | undefined
  readonly limit: number | undefined
}

/** What a person wrote is the reason of the failure. */
export const badInput = Effect.mapError((error: Error) => new BadInput({ message: error.message }))

/**
 * The rows of a file, as what `--kind` says, or as what the first row is.
 *
 * Fails    BadInput.
 */
export const readExamples = Effect.fnUntraced(function* ({ data, format, kind, limit }: ExamplesOptions) {
  const { formats, kindOf, readDataset } = yield* Effect.promise(() => import("../../dataset/mod.ts"))
  const source = { path: data, format, limit }
  const found = kind ?? (yield* kindOf({ formats, kinds: ["judged", "preferences", "demonstrations"], source }))
  const { names, pairwise, reads } = exampleKinds[found]
  return { kind: found, names, pairwise, examples: yield* readDataset({ formats, kind: reads, source }) }
}, badInput)
