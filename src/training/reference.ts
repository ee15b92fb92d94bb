import { Effect } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { isLora, learnedCount, type Sequence } from "../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"
import { ReferenceDiffers } from "./errors.ts"
import { loadWeights } from "./loadWeights.ts"
import { cut, rowLength } from "./batches.ts"
import { type Encoded, type Objective, sequencesOf } from "./objective/mod.ts"
import type { TensorsByName, TrainingStep } from "./step/mod.ts"

/** log π of each sequence from log π of each token, each with what the objective counts it. */
const sums = (
  sequences: ReadonlyArray<Sequence>,
  options: {
    readonly starts: Int32Array
    readonly first: number
    readonly said: Float32Array
    readonly objective: Objective
  }
): ReadonlyArray<number> => {
  const { starts, first, said, objective } = options
  const shorter = Math.min(...sequences.map(learnedCount))
  return sequences.map((_, i) => {
    const [from, to] = [starts[first + i] ?? 0, starts[first + i + 1] ?? 0]
    let sum = 0
    for (let at = from; at < to; at++)
      sum += (objective.tokenWeight?.(at - from, shorter) ?? 1) * (said[at] ?? Number.NaN)
    return sum
  })
}

/**
 * Examples with log π₀ of each of their sequences, computed once for all of training.
 *
 * Units    Nats.
 * Fails    RuntimeError.
 */
export const withReference = Effect.fnUntraced(function* (options: {
  readonly examples: ReadonlyArray<Encoded>
  readonly step: TrainingStep
  readonly tensors: TensorsByName
  readonly objective: Objective
  readonly microBatchSize: number
}) {
  const { examples, step, tensors, objective } = options
  const order = examples.map((_, i) => i)
  const lengths = examples.map(rowLength)
  order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b)
  const found: Array<Encoded> = []
  for (const group of cut(order, options.microBatchSize)) {
    const members = group.flatMap((i) => examples.slice(i, i + 1))
    const { block, spoken } = yield* step.answer(members, tensors, "learned")
    let first = 0
    members.forEach((example, place) => {
      const all = { starts: block.starts, said: spoken.said, objective }
      const reference = sums(example.sequences, { ...all, first })
      const other = example.mismatched?.sequences ?? []
      const mismatched = sums(other, { ...all, first: first + example.sequences.length })
      first += sequencesOf(example).length
      found[group[place] ?? 0] = {
        ...example,
        reference,
        ...(example.mismatched ? { mismatched: { sequences: other, reference: mismatched } } : {})
      }
    })
  }
  return found
})

/**
 * The weights of a reference model as tensors, for as long as the scope is open.
 *
 * Domain   `shapes` holds the weights of the model that is trained.
 * Fails    CheckpointError, ModelError, TextError, RuntimeError, WeightNotFinite, ReferenceDiffers.
 */
export const openReference = Effect.fnUntraced(function* (
  folder: string,
  shapes: ReadonlyMap<string, ReadonlyArray<number>>
) {
  const runtime = yield* OnnxRuntime
  const checkpoint = yield* openCheckpoint(folder, "causal")
  const { parameters } = checkpoint
  const found = new Map(parameters.map(({ name, shape }) => [name, shape]))
  for (const name of new Set([...shapes.keys(), ...found.keys()])) {
    const [its, wanted] = [found.get(name) ?? [], shapes.get(name) ?? []]
    if (!isLora(name) && its.join() !== wanted.join()) {
      return yield* new ReferenceDiffers({ reference: folder, name, found: its, wanted })
    }
  }
  // released after the tensors, which are made later; a collector would free them some time, when the steps are under way
  const loaded = yield* Effect.acquireRelease(loadWeights(checkpoint, parameters, 0), (weights) =>
    Effect.sync(() => weights.forEach(({ buffer }) => buffer instanceof ArrayBuffer && buffer.transfer(0)))
  )
  const tensors = new Map<string, Tensor>()
  for (const { name, shape } of parameters) {
    tensors.set(name, yield* runtime.tensor(loaded.get(name) ?? new Float32Array(), shape))
  }
  return tensors
})
