import { Context, type Effect, Layer } from "effect"
import type { Candidates, Prompt } from "../../schemas/mod.ts"
import type { SamplerError } from "./errors.ts"

/**
 * What a policy is asked: `perTemperature` responses at each temperature for each prompt.
 *
 * Units    `maxNewTokens` in tokens; temperatures divide the logits.
 * Domain   Draws are a pure function of seed, iteration, prompt id and sample, so that no batch size can change them.
 */
export interface SampleRequest {
  readonly prompts: ReadonlyArray<Prompt>
  readonly temperatures: ReadonlyArray<number>
  readonly perTemperature: number
  readonly maxNewTokens: number
  readonly seed: number
  readonly iteration: number
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
