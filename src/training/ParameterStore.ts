import { Effect } from "effect"
import type { Parameter } from "../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"
import { StateDiffers } from "./errors.ts"
import { layoutParameters, type Place, type Stretch } from "./layoutParameters.ts"

/** A stretch of all parameters that the optimizer updates at once. Shapes: each [n]. */
export interface Bucket {
  readonly value: Tensor
  readonly gradient: Tensor
  readonly moments: ReadonlyArray<Tensor>
  readonly decays: boolean
}

/** All that a next step depends on, in the layout of one store. Shapes: each [n], n the elements of all parameters with padding. */
export interface StoreState {
  readonly weights: Float32Array
  readonly moments: ReadonlyArray<Float32Array>
}

/** The weights being trained, their gradients and the optimizer's moments, all in place. */
export interface ParameterStore {
  readonly values: ReadonlyMap<string, Tensor>
  readonly gradients: ReadonlyMap<string, Tensor>
  readonly buckets: ReadonlyArray<Bucket>
  readonly zeroGradients: () => void
  /** The arrays themselves, not copies: a later step changes them. */
  readonly state: StoreState
  /** Puts the weights and moments of another store with the same parameters in place. */
  readonly restore: (state: StoreState) => Effect.Effect<void, StateDiffers>
  readonly weights: () => ReadonlyMap<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>
}

type Role = Float32Array<ArrayBuffer>

const tensorsOf = Effect.fnUntraced(function* (places: ReadonlyArray<Place>, role: Role) {
  const runtime = yield* OnnxRuntime
  const tensors = new Map<string, Tensor>()
  for (const { name, offset, shape, size } of places) {
    tensors.set(name, yield* runtime.tensor(role.subarray(offset, offset + size), shape))
  }
  return tensors
})

const bucketOf = Effect.fnUntraced(function* (
  { decays, from, to }: Stretch,
  roles: { readonly value: Role; readonly gradient: Role; readonly moments: ReadonlyArray<Role> }
) {
  const runtime = yield* OnnxRuntime
  const part = (role: Role) => runtime.tensor(role.subarray(from, to), [to - from])
  const bucket: Bucket = {
    value: yield* part(roles.value),
    gradient: yield* part(roles.gradient),
    moments: yield* Effect.forEach(roles.moments, part),
    decays
  }
  return bucket
})

const lengthsOf = ({ moments, weights }: StoreState) => [weights, ...moments].map(({ length }) => length)

const restoreInto = (store: StoreState) =>
  Effect.fnUntraced(function* (from: StoreState) {
    const [found, wanted] = [lengthsOf(from), lengthsOf(store)]
    if (found.join() !== wanted.join()) return yield* new StateDiffers({ found, wanted })
    store.weights.set(from.weights)
    store.moments.forEach((moment, i) => moment.set(from.moments[i] ?? []))
  })

/**
 * Lays all parameters into one array per role: values, gradients, and `moments` more for the optimizer, which start at 0.
 *
 * Fails    RuntimeError.
 */
export const makeParameterStore = Effect.fnUntraced(function* (options: {
  readonly parameters: ReadonlyArray<Parameter>
  readonly load: (name: string) => Float32Array
  readonly moments: number
}) {
  const { places, size, stretches } = layoutParameters(options.parameters)
  const [value, gradient] = [new Float32Array(size), new Float32Array(size)]
  const moments = Array.from({ length: options.moments }, () => new Float32Array(size))
  for (const { name, offset } of places) value.set(options.load(name), offset)
  const state: StoreState = { weights: value, moments }
  const store: ParameterStore = {
    values: yield* tensorsOf(places, value),
    gradients: yield* tensorsOf(places, gradient),
    buckets: yield* Effect.forEach(stretches, (stretch) => bucketOf(stretch, { value, gradient, moments })),
    zeroGradients: () => void gradient.fill(0),
    state,
    restore: restoreInto(state),
    weights: () =>
      new Map(
        places.map(({ name, offset, shape, size: count }) => [
          name,
          { shape, data: value.subarray(offset, offset + count) }
        ])
      )
  }
  return store
})
