import { createHash } from "node:crypto"
import { Effect, Stream } from "effect"
import type { ModelConfig } from "../model/mod.ts"
import { headOf } from "./memory/mod.ts"
import { type Encoded, sequencesOf } from "./objective/mod.ts"
import type { openTraining } from "./openTraining.ts"
import { allOf, type Tokens } from "./tokens/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/** What the examples and the model of a request became. */
interface Given extends Pick<Effect.Success<ReturnType<typeof openTraining>>, "frozenWeights" | "engine"> {
  readonly checkpoint: { readonly config: ModelConfig }
  readonly examples: Tokens
  readonly heldOut?: Tokens | undefined
  readonly weights: Float32Array
}

/** Where a result is written, how often a state is, and who listens. */
type Aside = "into" | "resume" | "phase" | "onStep" | "onAudit" | "onResume"

/** What is told by what it made: weights, tokens, log π₀, and the pieces in which logits are computed. */
type Made = "from" | "examples" | "maxTokens" | "lengthPolicy" | "turns" | "afterEnd" | "reference" | "memoryBudget"

/** Every other key of a request. */
type Settings = Readonly<Record<Exclude<keyof TrainRequest, Aside | Made>, unknown>>

/** What of a request changes the result. */
const settingsOf = (request: TrainRequest): Settings => ({
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

/** How the numbers are computed. A layer that is computed twice has the same bytes, logits in smaller pieces have not. */
const computationOf = ({ checkpoint: { config }, engine }: Given) => ({
  config,
  engine,
  headChunk: headOf(config).headChunk
})

/** SHA-256, in hexadecimal, of all that the next step depends on besides weights, moments and counters. Fails: TokensUnkept. */
export const fingerprint = Effect.fnUntraced(function* (request: TrainRequest, given: Given) {
  const digest = createHash("sha256").update(JSON.stringify([settingsOf(request), computationOf(given)]))
  const add = (example: Encoded) => {
    const { promptId, reference, mismatched, margin, desirable, fromReference } = example
    digest.update(JSON.stringify([promptId, reference, mismatched?.reference, margin, desirable, fromReference]))
    for (const { ids, learned, promptLength } of sequencesOf(example)) {
      digest.update(JSON.stringify([ids.length, promptLength])).update(ids)
      if (learned) digest.update(learned)
    }
  }
  for (const part of ["examples", "heldOut"] as const) {
    digest.update(part)
    const tokens = given[part]
    if (tokens) yield* Stream.runForEach(allOf(tokens), (examples) => Effect.sync(() => examples.forEach(add)))
  }
  for (const { data } of given.frozenWeights.values()) digest.update(data)
  return digest.update(given.weights).digest("hex")
})
