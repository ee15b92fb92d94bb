import { type ModelConfig, mostLikely } from "../../model/mod.ts"
import type { CacheSize } from "./Cache.ts"
import { choosesAmongFew, type Growing } from "./Row.ts"

/** What steps read and write, one entry for each slot: steps over the first slots see the first entries. */
export interface StepArrays {
  readonly ids: BigInt64Array
  readonly lengths: Int32Array
  readonly longest: Int32Array
  readonly last: BigInt64Array
  readonly temperature: Float32Array
  readonly uniform: Float32Array
  readonly token: BigInt64Array
}

/** What choosing under limits reads and writes besides, and log π of the chosen tokens. */
export interface ChoiceArrays {
  readonly logits: Float32Array
  readonly seen: Uint8Array
  readonly repetitionPenalty: Float32Array
  readonly topK: BigInt64Array
  readonly topP: Float32Array
  readonly minP: Float32Array
  readonly short: Uint8Array
  readonly logProbability: Float32Array
}

export const makeStepArrays = ({ slots }: CacheSize): StepArrays => ({
  ids: new BigInt64Array(slots),
  lengths: new Int32Array(slots),
  longest: new Int32Array(1),
  last: BigInt64Array.from({ length: slots }, (_, slot) => BigInt(slot)),
  temperature: new Float32Array(slots).fill(1),
  uniform: new Float32Array(slots),
  token: new BigInt64Array(slots)
})

export const makeChoiceArrays = ({ vocab_size }: ModelConfig, { slots }: CacheSize): ChoiceArrays => ({
  logits: new Float32Array(slots * vocab_size),
  seen: new Uint8Array(slots * vocab_size),
  repetitionPenalty: new Float32Array(slots).fill(1),
  topK: new BigInt64Array(slots).fill(BigInt(vocab_size)),
  topP: new Float32Array(slots).fill(1),
  minP: new Float32Array(slots),
  short: new Uint8Array(slots),
  logProbability: new Float32Array(slots)
})

/** Writes what stays the same while a row grows in a slot. */
export const placeRow = (arrays: StepArrays, slot: number, { row }: Growing): void => {
  arrays.temperature[slot] = Math.max(row.temperature, mostLikely.temperature)
}

/** Writes the limits of a row, none where it has none; its own tokens as far as the penalty asks for them. */
export const placeLimits = (arrays: ChoiceArrays, config: ModelConfig, slot: number, growing: Growing): void => {
  const { vocab_size } = config
  const limited = choosesAmongFew(growing.row)
  const { minP = 0, prompt, repetitionPenalty = 1, topK = vocab_size, topP = 1 } = limited ? growing.row : {}
  arrays.repetitionPenalty[slot] = repetitionPenalty
  arrays.topK[slot] = BigInt(Math.min(topK, vocab_size))
  arrays.topP[slot] = topP
  arrays.minP[slot] = minP
  const seen = arrays.seen.subarray(slot * vocab_size, (slot + 1) * vocab_size).fill(0)
  if (repetitionPenalty !== 1) for (const id of [...(prompt ?? []), ...growing.ids]) seen[id] = 1
}

/** Takes the limits of a row off its slot. */
export const clearLimits = (arrays: ChoiceArrays, config: ModelConfig, slot: number): void => {
  arrays.repetitionPenalty[slot] = 1
  arrays.topK[slot] = BigInt(config.vocab_size)
  arrays.topP[slot] = 1
  arrays.minP[slot] = 0
}
