import { Array as Arrays, Effect, Schema } from "effect"
import { Preference, Scored } from "../../schemas/mod.ts"
import { makePair, pairings } from "../pairing/mod.ts"
import { key } from "../random/mod.ts"
import { makeStage } from "./Stage.ts"
import { tally } from "./tally.ts"

const names = Object.keys(pairings) as ReadonlyArray<keyof typeof pairings> // a literal table has no other keys

const Params = Schema.Struct({
  rule: Schema.Literals(names).pipe(Schema.withDecodingDefaultKey(Effect.succeed("bestWorst" as const))),
  among: Schema.Literals(["all", "policyAndReference"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("all" as const))
  ),
  dropIdentical: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true)))
})

/**
 * Makes one pair of the responses of each prompt; a prompt that gives none is dropped and counted: "single", "tie",
 * "identical" or "empty".
 *
 * Source   Algorithm 2: the best and the worst make the pair; a pair whose two responses are the same is dropped. With
 *          `among: policyAndReference` XPO (Xie et al., 2024), Algorithm 1: a response of πₜ and one of π₀.
 */
export const pair = makeStage({
  name: "pair",
  doc: "makes a chosen and a rejected response of each prompt's scored responses",
  params: Params,
  input: Scored,
  output: Preference,
  needs: ({ among }) => (among === "policyAndReference" ? ["drawnFrom"] : []),
  gives: ({ among }) => (among === "policyAndReference" ? ["fromReference"] : []),
  work: ({ among, rule, dropIdentical }, { seed, iteration }) => {
    const make = makePair({ pairing: pairings[rule], identical: dropIdentical ? "drop" : "keep", among })
    return (scored) =>
      Effect.sync(() => {
        const [rows, dropped] = Arrays.partition(scored, (row) => make(row, key(seed, iteration, "pair", row.promptId)))
        return { rows, dropped: tally(dropped) }
      })
  }
})
