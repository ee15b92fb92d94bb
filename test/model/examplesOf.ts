import type { Sequence } from "../../src/model/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"

/** Examples of one to three sequences, mostly with a shared prompt; a pure function of the seed. */
export const examplesOf = (seed: number): ReadonlyArray<ReadonlyArray<Sequence>> => {
  const random = key("packing", seed)
  let at = 0
  const below = (n: number) => Math.floor(n * uniform(random, at++))
  const idsOf = (n: number) => Array.from({ length: n }, () => 4 + below(180))
  return Array.from({ length: 1 + below(5) }, () => {
    const shares = below(4) > 0
    const prompt = idsOf(1 + below(6))
    return Array.from({ length: 1 + below(3) }, () => {
      const own = shares ? prompt : idsOf(1 + below(6))
      return { ids: Int32Array.from([...own, ...idsOf(1 + below(7))]), promptLength: own.length }
    })
  })
}
