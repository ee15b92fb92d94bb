import { Effect } from "effect"
import {
  accumulate,
  type Graph,
  pullback,
  resolveShape,
  serialize,
  type Value,
  verifyAliases
} from "../../graph/mod.ts"
import { OnnxRuntime, type Session, type Tensor, type TypedArray } from "../../runtime/mod.ts"

/** Sizes of the symbols in shapes: rows, tokens, selected, sequences, … */
export type Sizes = Readonly<Record<string, number>>

/** What the backward half of a stage reads: what the forward half kept, or its inputs, from which it computes all again. */
export type Keep = "intermediates" | "inputs"

/** One piece of a step: what it computes, and what sends gradients back through it. */
export interface Stage {
  /** Each hands over what the backward half of its name reads; what a session gives and none fetches would stand until it ends. */
  readonly forward: { readonly inputs: Session; readonly intermediates?: Session }
  readonly backward: Readonly<Partial<Record<Keep, Session>>>
  /** What `forward.intermediates` hands to `backward.intermediates`. */
  readonly saved: ReadonlyArray<Value>
}

/** The names under which a weight's gradient is read and written: the same buffer serves as both. */
export const accumulatorNames = (parameter: string) => ({
  input: `${parameter}.gradient`,
  output: `${parameter}.gradientNext`
})

/** The name of the gradient of a value that is no weight. */
export const gradientName = (value: string): string => `${value}.gradient`

/** How a stage is cut: the gradient of `of` is sent back to the inputs `through` and added up for the weights. */
export interface Cut {
  readonly name: string
  readonly graph: Graph
  readonly of: Value
  readonly through: ReadonlyArray<Value>
  readonly weights: ReadonlyArray<Value>
}

/** The graphs of a stage, before they are opened. Fails: GraphError. */
export const cutStage = (cut: Cut, keep: Keep) => {
  const { graph, of, through, weights } = cut
  const names = new Set(weights.map(({ name }) => name))
  const halves = pullback(graph, {
    of,
    withRespectTo: [...through, ...weights],
    seed: gradientName(of.name),
    gradientName: (name) => (names.has(name) ? accumulatorNames(name).output : gradientName(name)),
    keep
  })
  const pairs = weights.map(({ name }) => accumulatorNames(name))
  const backward = pairs.reduce(accumulate, halves.backward)
  verifyAliases(backward, pairs)
  return { ...halves, backward }
}

/**
 * Opens the sessions of a stage, with a backward half for each of `keeps`.
 *
 * Fails    RuntimeError.
 */
export const openStage = Effect.fnUntraced(function* (cut: Cut, keeps: ReadonlyArray<Keep>) {
  const runtime = yield* OnnxRuntime
  const open = (graph: Graph, half: string) =>
    runtime.session({ name: `${cut.name} ${half}`, model: serialize(graph), arena: "shared" })
  const cuts = new Map(keeps.map((keep) => [keep, cutStage(cut, keep)]))
  const kept = cuts.get("intermediates")
  const backward: Partial<Record<Keep, Session>> = {}
  for (const [keep, { backward: graph }] of cuts) backward[keep] = yield* open(graph, "backward")
  const stage: Stage = {
    forward: {
      inputs: yield* open(cut.graph, "forward"),
      ...(kept ? { intermediates: yield* open(kept.forward, "forward") } : {})
    },
    backward,
    saved: kept?.saved ?? []
  }
  return stage
})

/** Weights by their names, and the buffers their gradients are added into by both names of `accumulatorNames`. */
export type TensorsByName = ReadonlyMap<string, Tensor>

/** The forward session for what is kept. */
export const forwardOf = ({ forward }: Stage, keep: Keep): Session =>
  keep === "intermediates" ? (forward.intermediates ?? forward.inputs) : forward.inputs

/**
 * Runs a session of a stage: arrays become tensors of the shapes that its ports have at these sizes.
 *
 * Domain   `tensors`, `arrays` and `outputs` may hold more than the session reads and gives.
 * Fails    RuntimeError.
 */
export const runStage = Effect.fnUntraced(function* (
  session: Session,
  given: {
    readonly sizes: Sizes
    readonly tensors: TensorsByName
    readonly arrays: Readonly<Record<string, TypedArray>>
    readonly outputs: Readonly<Record<string, TypedArray>>
  }
) {
  const runtime = yield* OnnxRuntime
  const tensorsFor = Effect.fnUntraced(function* (ports: Session["inputs"], arrays: typeof given.arrays) {
    const tensors: Record<string, Tensor> = {}
    for (const { name, shape } of ports) {
      const array = arrays[name]
      const tensor = array ? yield* runtime.tensor(array, resolveShape(shape, given.sizes)) : given.tensors.get(name)
      if (tensor) tensors[name] = tensor
    }
    return tensors
  })
  yield* session.run(yield* tensorsFor(session.inputs, given.arrays), yield* tensorsFor(session.outputs, given.outputs))
}, Effect.scoped)
