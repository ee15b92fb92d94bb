import { Result } from "effect"
import type { Example } from "../encoding/mod.ts"
import { FromReferenceMissing, RowsUnsuitable } from "../errors.ts"
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

const isSilent = (example: Example): boolean => !("fromReference" in example) || example.fromReference === undefined

/**
 * Whether an objective can learn from examples.
 *
 * Fails    RowsUnsuitable, FromReferenceMissing for the first from which it cannot.
 */
export const checkRows = (
  { loss, name, on }: Objective,
  examples: ReadonlyArray<Example>
): Result.Result<void, RowsUnsuitable | FromReferenceMissing> => {
  const wanted = suitable[on]
  const odd = examples.find((example) => !wanted.includes(kindOf(example)))
  if (odd) return Result.fail(new RowsUnsuitable({ loss: name, promptId: odd.promptId, found: kindOf(odd), wanted }))
  const silent = loss.reads.has("fromReference") ? examples.findIndex(isSilent) : -1
  const { promptId = "" } = examples[silent] ?? {}
  return silent < 0
    ? Result.succeed(undefined)
    : Result.fail(new FromReferenceMissing({ loss: name, row: silent + 1, promptId }))
}
