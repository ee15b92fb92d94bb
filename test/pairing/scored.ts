import type { Scored } from "../../schemas/mod.ts"
import { type PairRule, pairings } from "../../src/pairing/mod.ts"

/** Responses of one token each, with their rewards. */
export const scored = (texts: ReadonlyArray<string>, rewards: ReadonlyArray<number>): Scored => ({
  promptId: "p",
  messages: [{ role: "user", content: "?" }],
  responses: texts.map((text, sample) => ({ text, tokens: 1, finish: "stop", temperature: 1, sample })),
  rewards
})

/** Best against worst, as rewards are. */
export const plainRule: PairRule = {
  pairing: pairings.bestWorst,
  among: "all",
  identical: "drop",
  lengthPenalty: 0,
  order: "penalized",
  minimumMargin: 0
}
