import { Context, type Effect, Layer } from "effect"
import type { Candidates, Prompt } from "../../schemas/mod.ts"
import type { SamplerError } from "./errors.ts"

/**
 * How tokens are chosen beside the temperature, which applies first; every key may be absent, and then nothing is left out.
 *
 * Domain   topK ≥ 1; 0 < topP ≤ 1; 0 ≤ minP ≤ 1; repetitionPenalty > 0, 1 changes nothing; stop strings are not empty.
 */
export interface Choosing {
  /** Only this many of the most likely tokens; all that are as likely as the last one stay. */
  readonly topK?: number
  /** Only the most likely tokens that together have this much of what `topK` left. */
  readonly topP?: number
  /** Only tokens at least this many times as likely as the most likely one. */
  readonly minP?: number
  /** Logits of tokens that the prompt or the response holds are divided by it where positive, multiplied where negative. */
  readonly repetitionPenalty?: number
  /** A response ends where one of these is written; its text is cut before it. */
  readonly stop?: ReadonlyArray<string>
  /** Whether responses tell log π of their tokens: at temperature 1, before anything is left out. */
  readonly logProbabilities?: boolean
}

/**
 * What a policy is asked: `perTemperature` responses at each temperature for each prompt.
 *
 * Units    `maxNewTokens` in tokens; temperatures divide the logits.
 * Domain   Draws are a pure function of seed, iteration, prompt id and sample, so that no batch size can change them.
 */
export interface SampleRequest extends Choosing {
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
