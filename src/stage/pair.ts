import { Array as Arrays, Effect, Schema } from "effect"
import { defaulted, LengthPenalty, Preference, Scored } from "../../schemas/mod.ts"
import { makePairs, pairings } from "../pairing/mod.ts"
import { key } from "../random/mod.ts"
import { makeStage } from "./Stage.ts"
import { tally } from "./tally.ts"

const names = Object.keys(pairings) as ReadonlyArray<keyof typeof pairings> // as: a literal table has no other keys

const Params = Schema.Struct({
  rule: defaulted(Schema.Literals(names), "bestWorst", "Which responses of a prompt make pairs"),
  among: defaulted(
    Schema.Literals(["all", "policyAndReference"]),
    "all",
    "Which responses may make a pair: all, or the first of the policy and the first of the reference"
  ),
  dropIdentical: defaulted(Schema.Boolean, true, "Whether a pair of two equal texts is left out"),
  lengthPenalty: defaulted(
    LengthPenalty,
    0,
    "λ of Eq. (9), where the score stage takes nothing off (reward per character)"
  ),
  legacyOrder: defaulted(
    Schema.Boolean,
    false,
    "Whether the larger reward before the length penalty is chosen, as the code published with the paper does"
  ),
  minimumMargin: defaulted(
    Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
    0,
    "Least difference of the two rewards (reward)"
  )
})

/**
 * Makes pairs of the responses of each prompt: one, or with the rule `allPairs` as many as there are. What makes none is
 * dropped and counted: "single", "tie", "identical", "empty" or "margin".
 *
 * Source   Algorithm 2: the best and the worst make the pair; a pair whose two responses are the same is dropped. Eq. (9).
 *          With `among: policyAndReference` XPO (Xie et al., 2024), Algorithm 1: a response of πₜ and one of π₀.
 * Units    `minimumMargin` in reward; `lengthPenalty` in reward per character (code point).
 */
export const pair = makeStage({
  name: "pair",
  doc: "makes chosen and rejected responses of each prompt's scored responses",
  params: Params,
  input: Scored,
  output: Preference,
  needs: ({ among }) => (among === "policyAndReference" ? ["drawnFrom"] : []),
  gives: ({ among }) => (among === "policyAndReference" ? ["fromReference"] : []),
  cost: ({ among, rule }, responses) => ({
    rowsPerRow:
      responses < 2 || among === "policyAndReference"
        ? 1
        : pairings[rule](
            Array.from({ length: responses }, (_, i) => i),
            key(0)
          ).length
  }),
  work: ({ rule, dropIdentical, legacyOrder, ...params }, { seed, iteration }) => {
    const make = makePairs({
      ...params,
      pairing: pairings[rule],
      identical: dropIdentical ? "drop" : "keep",
      order: legacyOrder ? "legacy" : "penalized"
    })
    return (scored) =>
      Effect.sync(() => {
        const made = scored.flatMap((row) => make(row, key(seed, iteration, "pair", row.promptId)))
        const [rows, dropped] = Arrays.partition(made, (result) => result)
        return { rows, dropped: tally(dropped), added: made.length - scored.length }
      })
  }
})
