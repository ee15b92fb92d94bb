import { Effect } from "effect"
import type { Parameter } from "../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"

/** A stretch of all parameters that the optimizer updates at once. Shapes: each [n]. */
export interface Bucket {
  readonly value: Tensor
  readonly gradient: Tensor
  readonly first: Tensor
  readonly second: Tensor
  readonly decays: boolean
}

/** The weights being trained, their gradients and the optimizer's two moments, all in place. */
export interface ParameterStore {
  readonly values: ReadonlyMap<string, Tensor>
  readonly gradients: ReadonlyMap<string, Tensor>
  readonly buckets: ReadonlyArray<Bucket>
  readonly zeroGradients: () => void
  readonly weights: () => ReadonlyMap<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>
}

/** Elements of one bucket: five buffers of 512 KiB pass through the cache of a core. */
const bucketSize = 1 << 17
/** Floats in 64 bytes: each parameter begins on a cache line. */
const alignment = 16

const sizeOf = (shape: ReadonlyArray<number>): number => shape.reduce((product, size) => product * size, 1)

/** Weights that only scale or shift are not decayed: those with one axis. */
const decays = (parameter: Parameter): boolean => parameter.shape.length > 1

/**
 * Lays all parameters into one array per role, those that decay first.
 *
 * Fails    RuntimeError.
 */
export const makeParameterStore = Effect.fnUntraced(function* (
  parameters: ReadonlyArray<Parameter>,
  load: (name: string) => Float32Array
) {
  const runtime = yield* OnnxRuntime
  const ordered = [...parameters.filter(decays), ...parameters.filter((parameter) => !decays(parameter))]
  const places = new Map<string, { readonly offset: number; readonly shape: ReadonlyArray<number> }>()
  let end = 0
  let decayedEnd = 0
  for (const parameter of ordered) {
    places.set(parameter.name, { offset: end, shape: parameter.shape })
    end += Math.ceil(sizeOf(parameter.shape) / alignment) * alignment
    if (decays(parameter)) decayedEnd = end
  }
  const roles = {
    value: new Float32Array(end),
    gradient: new Float32Array(end),
    first: new Float32Array(end),
    second: new Float32Array(end)
  }
  const view = (role: Float32Array<ArrayBuffer>) =>
    Effect.map(
      Effect.forEach(places, ([name, { offset, shape }]) =>
        Effect.map(
          runtime.tensor(role.subarray(offset, offset + sizeOf(shape)), shape),
          (tensor) => [name, tensor] as const
        )
      ),
      (entries): ReadonlyMap<string, Tensor> => new Map(entries)
    )
  for (const [name, { offset }] of places) roles.value.set(load(name), offset)
  const stretches = [[0, decayedEnd, true] as const, [decayedEnd, end, false] as const].flatMap(([from, to, decayed]) =>
    Array.from({ length: Math.ceil((to - from) / bucketSize) }, (_, i) => ({
      from: from + i * bucketSize,
      to: Math.min(to, from + (i + 1) * bucketSize),
      decayed
    }))
  )
  const buckets = yield* Effect.forEach(stretches, ({ from, to, decayed }) => {
    const part = (role: Float32Array<ArrayBuffer>) => runtime.tensor(role.subarray(from, to), [to - from])
    return Effect.map(
      Effect.all([part(roles.value), part(roles.gradient), part(roles.first), part(roles.second)]),
      ([value, gradient, first, second]): Bucket => ({ value, gradient, first, second, decays: decayed })
    )
  })
  const store: ParameterStore = {
    values: yield* view(roles.value),
    gradients: yield* view(roles.gradient),
    buckets,
    zeroGradients: () => void roles.gradient.fill(0),
    weights: () =>
      new Map(
        parameters.map(({ name, shape }) => {
          const offset = places.get(name)?.offset ?? 0
          return [name, { shape, data: roles.value.subarray(offset, offset + sizeOf(shape)) }]
        })
      )
  }
  return store
})
