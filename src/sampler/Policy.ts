import { Context, type Effect, Layer } from "effect"
import type { Candidates, Prompt } from "../../schemas/mod.ts"
import type { SamplerError } from "./errors.ts"

/**
 * What a policy is asked: `perTemperature` responses at each temperature for each prompt.
 *
 * Units    `maxNewTokens` in tokens; temperatures divide the logits; `topP` and `minP` are probabilities.
 * Domain   Draws are a pure function of seed, iteration, prompt id and sample, so that no batch size can change them.
 */
export interface SampleRequest {
  readonly prompts: ReadonlyArray<Prompt>
  readonly temperatures: ReadonlyArray<number>
  readonly perTemperature: number
  readonly maxNewTokens: number
  readonly seed: number
  readonly iteration: number
  /** Only the most likely tokens are drawn; all without it. */
  readonly topK?: number
  /** Only the most likely tokens with at least this probability together are drawn; all without it. */
  readonly topP?: number
  /** Only tokens with at least this share of the probability of the likeliest are drawn; all without it. */
  readonly minP?: number
  /** What the logits of tokens that occurred are divided by (where positive); 1 without it. */
  readonly repetitionPenalty?: number
  /** Texts that end a response, and are no part of it. */
  readonly stop?: ReadonlyArray<string>
  /** Whether each response tells the log-probabilities of its tokens. */
  readonly logProbabilities?: boolean
}

/**
 * The policy πₜ: answers prompts.
 *
 * Domain   One row per prompt in the order of the prompts; its responses ordered by temperature, then by draw.
 * Fails    SamplerError
 */
export class Policy extends Context.Service<
  Policy,
  { readonly sample: (request: SampleRequest) => Effect.Effect<ReadonlyArray<Candidates>, SamplerError> }
>()("prefloop/sampler/Policy") {
  /** A policy that is the function `sample`: no model to load. */
  static readonly layerOf = (sample: Policy["Service"]["sample"]): Layer.Layer<Policy> =>
    Layer.succeed(Policy, Policy.of({ sample }))
}
