import { Effect, Schema } from "effect"
import { optional, required, Seed } from "../../../schemas/mod.ts"
import { key, threefry } from "../../random/mod.ts"
import { contentHash } from "../text/contentHash.ts"
import { kindsWith } from "../Row.ts"
import { type Holding, type Judging, makeRule } from "./Rule.ts"

const params = Schema.Struct({
  most: required(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)), "The most comparisons of one prompt that stay"),
  seed: optional(Seed, "Which of them stay is drawn from it; without it the first ones stay")
})

const firstOnes = (most: number): Judging => {
  const seen = new Map<string, number>()
  return {
    judge: (row) => {
      const prompt = contentHash("prompt", row)
      const before = seen.get(prompt) ?? 0
      if (before >= most) return `the prompt has ${most} comparisons before it`
      seen.set(prompt, before + 1)
      return undefined
    }
  }
}

interface Drawn {
  readonly number: number
  readonly lot: number
}

const drawnOnes = (most: number, seed: number): Holding => {
  const chance = key(seed, "pairsPerPrompt")
  const held = new Map<string, Array<Drawn>>()
  return {
    why: `${most} other comparisons of the prompt were drawn`,
    hold: (row, number) => {
      const prompt = contentHash("prompt", row)
      const drawn = [...(held.get(prompt) ?? []), { number, lot: threefry(chance, [number >>> 0, 0])[0] }]
      drawn.sort((a, b) => a.lot - b.lot || a.number - b.number)
      const out = drawn.length > most ? drawn.pop() : undefined
      held.set(prompt, drawn)
      return out?.number
    }
  }
}

/**
 * Drops comparisons of a prompt beyond a number.
 *
 * Source   Table 5: at most five comparisons of a prompt of SHP.
 * Units    memory: about 100 bytes for each prompt; with a seed, also every row that stays, until the stream ends.
 */
export const pairsPerPrompt = makeRule({
  doc: "drops comparisons of a prompt beyond a number",
  params,
  kinds: () => kindsWith("chosen"),
  open: ({ most, seed }) => Effect.sync(() => (seed === undefined ? firstOnes(most) : drawnOnes(most, seed)))
})
