import type { Effect } from "effect"
import type { Pair } from "../../../schemas/mod.ts"
import { type Desk, forgotten, makeDesk } from "../../../src/judge/person/mod.ts"

/** A pair called `pairId`, of responses that carry its name. */
export const pair = (pairId: string, first = `${pairId} one`, second = `${pairId} two`): Pair => ({
  pairId,
  promptId: pairId,
  messages: [{ role: "user", content: `${pairId}?` }],
  first,
  second
})

/** A desk that forgets, with these pairs. */
export const deskOf = (annotators: ReadonlyArray<string>, pairs: ReadonlyArray<Pair>): Effect.Effect<Desk> =>
  makeDesk({ annotators, seed: 0, pairs, labels: forgotten })
