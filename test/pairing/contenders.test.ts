import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Scored } from "../../schemas/mod.ts"
import { makePairs } from "../../src/pairing/mod.ts"
import { key } from "../../src/random/mod.ts"
import { plainRule as rule, scored as row } from "./scored.ts"

/** Which response of the pair the reference gave; "b" is chosen, "c" rejected. */
const from = (drawnFrom: NonNullable<Scored["drawnFrom"]>) =>
  makePairs(rule)({ ...row(["a", "b", "c"], [0.5, 2, -1]), drawnFrom }, key(0)).map(
    Result.map(({ fromReference }) => fromReference)
  )[0]

describe("makePairs() of two policies", () => {
  it("takes the first response of each policy, whatever the others are worth, and says which one π₀ gave", () => {
    const make = makePairs({ ...rule, among: "policyAndReference" })
    const drawnFrom = ["policy", "policy", "reference", "reference"] as const
    const both = (values: ReadonlyArray<number>) => ({ ...row(["a", "b", "c", "d"], values), drawnFrom })
    const plain = { promptId: "p", messages: [{ role: "user", content: "?" }] } as const
    assert.deepStrictEqual([make(both([2, 9, 0.5, -9]), key(0)), make(both([0.5, 9, 2, -9]), key(0))].flat(), [
      Result.succeed({ ...plain, chosen: "a", rejected: "c", margin: 1.5, fromReference: "rejected" as const }),
      Result.succeed({ ...plain, chosen: "c", rejected: "a", margin: 1.5, fromReference: "chosen" as const })
    ])
    const reasons = [make(row(["a", "b"], [1, 2]), key(0)), make(both([2, 9, 2, -9]), key(0))].flat()
    assert.deepStrictEqual(
      reasons.map((result) => (Result.isFailure(result) ? result.failure : "a pair")),
      ["single", "tie"]
    )
  })

  it("says which response π₀ gave where it gave one of the two, and nothing where it gave both or none", () => {
    assert.deepStrictEqual(
      [
        from(["reference", "policy", "reference"]),
        from(["policy", "reference", "policy"]),
        from(["policy", "reference", "reference"]),
        from(["reference", "policy", "policy"])
      ],
      [Result.succeed("rejected"), Result.succeed("chosen"), Result.succeed(undefined), Result.succeed(undefined)]
    )
  })
})
