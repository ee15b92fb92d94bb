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
 * Why an objective cannot learn from an example, the `row`-th of the data; undefined where it can.
 *
 * Domain   row counts from 0.
 */
export const checkRow = (
  { loss, name, on }: Objective,
  example: Example,
  row: number
): RowsUnsuitable | FromReferenceMissing | undefined => {
  const { promptId } = example
  const [found, wanted] = [kindOf(example), suitable[on]]
  if (!wanted.includes(found)) return new RowsUnsuitable({ loss: name, promptId, found, wanted })
  const silent = loss.reads.has("fromReference") && isSilent(example)
  return silent ? new FromReferenceMissing({ loss: name, row: row + 1, promptId }) : undefined
}
