import { Context, Effect, Layer } from "effect"
import { Policy } from "./Policy.ts"

/**
 * The reference policy π₀: answers prompts as `Policy` does.
 *
 * Fails    SamplerError
 */
export class ReferencePolicy extends Context.Service<ReferencePolicy, Policy["Service"]>()(
  "prefloop/sampler/ReferencePolicy"
) {
  /** The reference that a layer of a policy is. */
  static readonly layerOf = <E, R>(policy: Layer.Layer<Policy, E, R>): Layer.Layer<ReferencePolicy, E, R> =>
    Layer.effect(ReferencePolicy, Effect.map(Policy, ReferencePolicy.of)).pipe(Layer.provide(policy))
}
