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

/** What the backward pass of a layer reads: what the forward pass kept, or the layer's input, from which all is computed again. */
export type Keep = "intermediates" | "inputs"

/** One piece of a step: what it computes, and what sends gradients back through it. */
export interface Stage {
  readonly forward: Session
  /** `forward` that also gives `saved`; what a session gives and nobody fetches would stand until its run ends. */
  readonly saving: Session
  /** Nothing below the stage, and nothing in it, wants a gradient when absent. */
  readonly backward: Session | undefined
  /** What `saving` hands to `backward`. */
  readonly saved: ReadonlyArray<Value>
}

/** The names under which a weight's gradient is read and written: the same buffer serves as both. */
export const accumulatorNames = (parameter: string) => ({
  input: `${parameter}.gradient`,
  output: `${parameter}.gradientNext`
})

/** The name of the gradient of a value that is no weight. */
export const gradientName = (value: string): string => `${value}.gradient`

/** How a stage is cut: gradients of `of` are sent back to the inputs `through` and added up for the weights. */
export interface Cut {
  readonly name: string
  readonly graph: Graph
  readonly of: ReadonlyArray<Value>
  readonly through: ReadonlyArray<Value>
  readonly weights: ReadonlyArray<Value>
  /** Inputs whose gradient is added to what another stage has sent back to them. */
  readonly shared?: ReadonlyArray<Value>
}

/** The two buffers' names under which a gradient that several stages add to is read and written. */
export const sharedGradientName = (value: string): string => `${gradientName(value)}.before`

/** The graphs of a stage, before they are opened. Fails: GraphError. */
export const cutStage = ({ graph, of, shared = [], through, weights }: Cut) => {
  const names = new Set(weights.map(({ name }) => name))
  const halves = pullback(graph, {
    of,
    withRespectTo: [...through, ...weights],
    seedName: gradientName,
    gradientName: (name) => (names.has(name) ? accumulatorNames(name).output : gradientName(name))
  })
  const pairs = [
    ...weights.map(({ name }) => accumulatorNames(name)),
    ...shared.map(({ name }) => ({ input: sharedGradientName(name), output: gradientName(name) }))
  ]
  const backward = pairs.reduce(accumulate, halves.backward)
  verifyAliases(backward, pairs)
  return { ...halves, backward }
}

/**
 * Opens the sessions of a stage; without anything to send back to, only the forward one.
 *
 * Fails    RuntimeError.
 */
export const openStage = Effect.fnUntraced(function* (cut: Cut) {
  const runtime = yield* OnnxRuntime
  const open = (graph: Graph, half: string) =>
    runtime.session({ name: `${cut.name} ${half}`, model: serialize(graph), arena: "shared" })
  const plain = yield* open(cut.graph, "forward")
  if (cut.through.length + cut.weights.length === 0) {
    const stage: Stage = { forward: plain, saving: plain, backward: undefined, saved: [] }
    return stage
  }
  const { forward, backward, saved } = cutStage(cut)
  const stage: Stage = {
    forward: plain,
    saving: saved.length === 0 ? plain : yield* open(forward, "forward"),
    backward: yield* open(backward, "backward"),
    saved
  }
  return stage
})

/** Weights by their names, and the buffers their gradients are added into by both names of `accumulatorNames`. */
export type TensorsByName = ReadonlyMap<string, Tensor>

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
