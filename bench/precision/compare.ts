import { Effect, Result } from "effect"
import type { Checkpoint } from "../../src/checkpoint/mod.ts"
import type { KeptFormats } from "../../src/sampler/mod.ts"
import { encodePrompt } from "../../src/text/mod.ts"
import { openLogits } from "./follow.ts"
import { questions } from "./prompts.ts"

const fresh = 64

const argmax = (xs: Float32Array): number => xs.reduce((best, x, i) => (x > (xs[best] ?? 0) ? i : best), 0)

/** log softmax in float64. */
const logProbabilities = (logits: Float32Array): Float64Array => {
  const largest = logits[argmax(logits)] ?? 0
  const sum = logits.reduce((total, z) => total + Math.exp(z - largest), 0)
  return Float64Array.from(logits, (z) => z - largest - Math.log(sum))
}

/** Σ p·(log p − log q). Units: nats. */
const divergence = (p: Float32Array, q: Float32Array): number => {
  const [logP, logQ] = [logProbabilities(p), logProbabilities(q)]
  return logP.reduce((sum, x, i) => sum + Math.exp(x) * (x - (logQ[i] ?? 0)), 0)
}

const farthest = (p: Float32Array, q: Float32Array): number =>
  p.reduce((most, x, i) => Math.max(most, Math.abs(x - (q[i] ?? 0))), 0)

/**
 * Formats against float32, at each of the `fresh` positions after a question, where both have read float32's greedy tokens:
 * KL(float32 ‖ formats) in nats, the largest difference of a logit, and the share of positions with the same most likely token.
 */
export const compare = Effect.fnUntraced(function* (checkpoint: Checkpoint, formats: KeptFormats) {
  const exact = yield* openLogits(checkpoint, { weights: "float32", cache: "float32" })
  const rounded = yield* openLogits(checkpoint, formats)
  const contextLength = checkpoint.config.max_position_embeddings
  const divergences: Array<number> = []
  let same = 0
  let logits = 0
  for (const content of questions) {
    const asked = encodePrompt(checkpoint.tokenizer, [{ role: "user", content }], { contextLength })
    let ids = Array.from(yield* Effect.fromResult(asked satisfies Result.Result<Int32Array, unknown>))
    for (let position = 0, i = 0; i < fresh; i++) {
      const [p, q] = [yield* exact(ids, position), yield* rounded(ids, position)]
      divergences.push(divergence(p, q))
      logits = Math.max(logits, farthest(p, q))
      if (argmax(p) === argmax(q)) same += 1
      position += ids.length
      ids = [argmax(p)]
    }
  }
  const mean = divergences.reduce((sum, x) => sum + x, 0) / divergences.length
  return { kl: mean, largest: Math.max(...divergences), logits, same: same / divergences.length }
}, Effect.scoped)
