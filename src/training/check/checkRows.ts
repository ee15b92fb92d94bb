import { Result } from "effect"
import type { Example } from "../encoding/mod.ts"
import { RowsUnsuitable } from "../errors.ts"
import type { LearnsFrom, Objective } from "../objective/mod.ts"

type ExampleKind = "demonstration" | "judged response" | "preference"

const kindOf = (example: Example): ExampleKind => {
  if ("chosen" in example) return "preference"
  return "desirable" in example ? "judged response" : "demonstration"
}

const suitable: Readonly<Record<LearnsFrom, ReadonlyArray<ExampleKind>>> = {
  demonstrations: ["demonstration"],
  pairs: ["preference"],
  rows: ["judged response", "preference"],
  rewards: ["preference"]
}

/**
 * Whether an objective can learn from examples.
 *
 * Fails    RowsUnsuitable for the first from which it cannot.
 */
export const checkRows = (
  { name, on }: Objective,
  examples: ReadonlyArray<Example>
): Result.Result<void, RowsUnsuitable> => {
  const wanted = suitable[on]
  const odd = examples.find((example) => !wanted.includes(kindOf(example)))
  return odd
    ? Result.fail(new RowsUnsuitable({ loss: name, promptId: odd.promptId, found: kindOf(odd), wanted }))
    : Result.succeed(undefined)
}
