import { Effect } from "effect"
import { UMAP } from "umap-js"
import { type Key, key, permutation, threefry } from "../random/mod.ts"
import type { Vectors } from "./Encoder.ts"
import { principal } from "./principal.ts"

/** How vectors are laid out on a plane. */
export interface ProjectOptions {
  readonly seed: number
  /** How many near vectors each one is held to; more show the whole, fewer the parts. Default 15. */
  readonly neighbours?: number
  /** How near points may lie to each other on the plane. Default 0.1. */
  readonly spread?: number
  /** Vectors that the layout is made of; the others are put into it one by one. Default 5000. */
  readonly fitted?: number
  readonly onStep?: (part: "layout" | "rest", share: number) => Effect.Effect<void>
}

/** Vectors on a plane, and how. Shapes: places [count · 2]: x and y of each vector. */
export interface Projection {
  readonly method: "umap" | "principal components"
  readonly fitted: number
  readonly places: Float64Array
}

/** Steps of the layout between two reports, and vectors that are put into it at once. */
const stepsAtOnce = 20
const restAtOnce = 200

/** Uniform numbers one after another, two from each draw. Units: multiples of 2⁻³² in [0, 1). */
const drawing = (drawn: Key): (() => number) => {
  let index = 0
  let held: number | undefined
  return () => {
    const kept = held
    held = undefined
    if (kept !== undefined) return kept / 2 ** 32
    const [first, second] = threefry(drawn, [index++, 0])
    held = second
    return first / 2 ** 32
  }
}

const rowsOf = ({ values, width }: Vectors, which: Int32Array): Array<Array<number>> =>
  Array.from(which, (i) => Array.from(values.subarray(i * width, (i + 1) * width)))

const umap = Effect.fnUntraced(function* (vectors: Vectors, options: ProjectOptions) {
  const { fitted = 5000, neighbours = 15, onStep, seed, spread = 0.1 } = options
  const order = permutation(key(seed, "fitted"), vectors.count)
  const chosen = order.subarray(0, fitted).toSorted()
  const rest = order.subarray(fitted).toSorted()
  const places = new Float64Array(vectors.count * 2)
  const put = (which: Int32Array, found: ReadonlyArray<ReadonlyArray<number>>) =>
    found.forEach((place, i) => places.set(place, (which[i] ?? 0) * 2))
  const layout = new UMAP({ random: drawing(key(seed, "umap")), nNeighbors: neighbours, minDist: spread })
  const epochs = layout.initializeFit(rowsOf(vectors, chosen))
  for (let epoch = 0; epoch < epochs; epoch++) {
    layout.step()
    if (epoch % stepsAtOnce !== 0) continue
    yield* Effect.yieldNow
    if (onStep) yield* onStep("layout", epoch / epochs)
  }
  put(chosen, layout.getEmbedding())
  for (let from = 0; from < rest.length; from += restAtOnce) {
    const which = rest.subarray(from, from + restAtOnce)
    put(which, layout.transform(rowsOf(vectors, which)))
    yield* Effect.yieldNow
    if (onStep) yield* onStep("rest", (from + which.length) / rest.length)
  }
  return { method: "umap", fitted: chosen.length, places } satisfies Projection
})

/**
 * Vectors on a plane, near ones near each other; a pure function of vectors and options.
 *
 * Source   McInnes et al., "UMAP", arXiv:1802.03426; of vectors of length 1, Euclidean neighbours are those by cosine. Too
 *          few vectors for their neighbours lie on their principal components.
 * Domain   Of more than `fitted` vectors, drawn ones make the layout, and the others are put into it.
 */
export const project = Effect.fn("project")(function* (vectors: Vectors, options: ProjectOptions) {
  const { count } = vectors
  const { fitted = 5000, neighbours = 15 } = options
  if (Math.min(count, fitted) > neighbours) return yield* umap(vectors, options)
  return {
    method: "principal components",
    fitted: count,
    places: principal(vectors, options.seed)
  } satisfies Projection
})
