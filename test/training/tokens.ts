import { Effect } from "effect"
import { mismatch } from "../../src/training/mismatch.ts"
import type { Encoded } from "../../src/training/mod.ts"
import { withReference } from "../../src/training/reference.ts"
import { shapeOf, type Tokens } from "../../src/training/tokens/mod.ts"

/** Examples that are held as they are. */
export const heldTokens = (examples: ReadonlyArray<Encoded>): Tokens => {
  const shapes = examples.map(shapeOf)
  return {
    shapes: { length: shapes.length, at: (row) => shapes[row] ?? { trees: [], learned: 0 } },
    pick: (places) => Effect.succeed(Array.from(places, (i) => examples.slice(i, i + 1)).flat())
  }
}

/** Every example of a few. */
export const everyOne = ({ pick, shapes }: Tokens) => pick(Array.from({ length: shapes.length }, (_, i) => i))

/** A few examples with log π₀ of each of their sequences. */
export const referred = Effect.fnUntraced(function* (
  examples: ReadonlyArray<Encoded>,
  options: Omit<Parameters<typeof withReference>[0], "tokens">
) {
  return yield* everyOne(yield* withReference({ ...options, tokens: heldTokens(examples) }))
})

/** Examples, each with the responses of the next one, and how many of those were cut. */
export const mismatchAll = (examples: ReadonlyArray<Encoded>, maxTokens: number) => {
  const found = examples.map((example, i) =>
    mismatch(example, examples[(i + 1) % examples.length] ?? example, maxTokens)
  )
  return { examples: found.map(({ example }) => example), cut: found.reduce((sum, { cut }) => sum + cut, 0) }
}
