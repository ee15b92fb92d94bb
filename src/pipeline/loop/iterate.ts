import { Effect } from "effect"

/**
 * The policies π₁, π₂, … of T iterations, the start first: each is a value from which `step` makes the next.
 *
 * ```ts
 * const policies = yield* iterate({ from: pi0, iterations: 3 }, (policy, t) => improve(policy, t))
 * ```
 *
 * Source   Algorithm 2.
 * Domain   t = 1 … T; T + 1 policies.
 */
export const iterate = <P, E, R>(
  options: { readonly from: P; readonly iterations: number },
  step: (policy: P, t: number) => Effect.Effect<P, E, R>
): Effect.Effect<ReadonlyArray<P>, E, R> =>
  Effect.gen(function* () {
    const policies = [options.from]
    let policy = options.from
    for (let t = 1; t <= options.iterations; t++) {
      policy = yield* step(policy, t)
      policies.push(policy)
    }
    return policies
  })
