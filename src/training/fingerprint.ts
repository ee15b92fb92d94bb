import { createHash } from "node:crypto"
import { type Encoded, sequencesOf } from "./objective/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/** What of a request changes the result; where it is written, how much is held in memory, and who listens do not. */
const settingsOf = (request: TrainRequest) => ({
  objective: request.objective,
  lengthDesensitized: request.lengthDesensitized,
  weighting: request.weighting,
  lora: request.lora && { ...request.lora, merge: undefined },
  optimizer: request.optimizer,
  maxGradientNorm: request.maxGradientNorm,
  schedule: request.schedule,
  batchSize: request.batchSize,
  microBatchSize: request.microBatchSize,
  epochs: request.epochs,
  maxSteps: request.maxSteps,
  order: request.order,
  blockLength: request.blockLength,
  heldOut: request.heldOut && { every: request.heldOut.every, patience: request.heldOut.patience },
  seed: request.seed
})

/** SHA-256, in hexadecimal, of all that the next step depends on besides weights, moments and counters. */
export const fingerprint = (
  request: TrainRequest,
  given: {
    readonly examples: ReadonlyArray<Encoded>
    readonly heldOut: ReadonlyArray<Encoded>
    readonly weights: Float32Array
    /** Weights that stay as they are, beside an adapter. */
    readonly frozenWeights: ReadonlyMap<string, { readonly data: Float32Array }>
  }
): string => {
  const digest = createHash("sha256").update(JSON.stringify(settingsOf(request)))
  for (const [part, examples] of [
    ["examples", given.examples],
    ["heldOut", given.heldOut]
  ] as const) {
    digest.update(part)
    for (const example of examples) {
      const { promptId, reference, mismatched, margin, desirable, fromReference } = example
      digest.update(JSON.stringify([promptId, reference, mismatched?.reference, margin, desirable, fromReference]))
      for (const { ids, learned, promptLength } of sequencesOf(example)) {
        digest.update(JSON.stringify([ids.length, promptLength])).update(ids)
        if (learned) digest.update(learned)
      }
    }
  }
  for (const { data } of given.frozenWeights.values()) digest.update(data)
  return digest.update(given.weights).digest("hex")
}
