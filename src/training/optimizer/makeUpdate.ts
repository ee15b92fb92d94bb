import { Effect } from "effect"
import { serialize } from "../../graph/mod.ts"
import { OnnxRuntime, type Tensor } from "../../runtime/mod.ts"
import type { Bucket, ParameterStore } from "../ParameterStore.ts"
import type { Optimizer, Update } from "./Optimizer.ts"
import { nextOf, updateGraph } from "./updateGraph.ts"

/** A scalar input and the number behind it. */
const makeScalar = Effect.fnUntraced(function* () {
  const runtime = yield* OnnxRuntime
  const data = new Float32Array(1)
  return { data, tensor: yield* runtime.tensor(data, []) }
})

const namedMoments = (optimizer: Optimizer, { moments }: Bucket): ReadonlyArray<readonly [string, Tensor]> =>
  optimizer.moments.map((name, i) => {
    const moment = moments[i]
    if (!moment) throw new RangeError(`Moment "${name}" of ${optimizer.name} is not in the store`)
    return [name, moment]
  })

/**
 * An optimizer over a store: in place, bucket by bucket so that what it touches stays in the processor's cache.
 *
 * Domain   The store was made with `optimizer.moments.length` moments.
 * Fails    RuntimeError.
 */
export const makeUpdate = Effect.fnUntraced(function* (store: ParameterStore, optimizer: Optimizer) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: optimizer.name, model: serialize(updateGraph(optimizer)) })
  const names = Object.keys(optimizer.scalars({ step: 1, learningRate: 0, gradientScale: 1, weightDecay: 0 }))
  const scalars = new Map<string, { readonly data: Float32Array; readonly tensor: Tensor }>()
  for (const name of ["gradientScale", ...names]) scalars.set(name, yield* makeScalar())
  const fixed = Object.fromEntries([...scalars].map(([name, { tensor }]) => [name, tensor]))
  const bindings = yield* Effect.forEach(store.buckets, (bucket) => {
    const { decays, gradient, value } = bucket
    const inPlace = [["value", value] as const, ...namedMoments(optimizer, bucket)]
    const fetches = inPlace.map(([name, tensor]) => [nextOf(name), tensor])
    return Effect.map(
      session.bind({ ...Object.fromEntries(inPlace), gradient, ...fixed }, Object.fromEntries(fetches)),
      (binding) => ({ binding, decays })
    )
  })
  return Effect.fnUntraced(function* (update: Update) {
    for (const { binding, decays } of bindings) {
      const numbers = optimizer.scalars({ ...update, weightDecay: decays ? optimizer.weightDecay : 0 })
      for (const [name, number] of Object.entries({ ...numbers, gradientScale: update.gradientScale })) {
        scalars.get(name)?.data.fill(number)
      }
      yield* binding.run
    }
  })
})
