import { Effect } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { isLora, learnedCount, type Sequence } from "../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"
import { ReferenceDiffers } from "./errors.ts"
import { loadWeights } from "./loadWeights.ts"
import { cut, longestFirst } from "./batches.ts"
import { type Encoded, type Objective, sequencesOf } from "./objective/mod.ts"
import type { TensorsByName, TrainingStep } from "./step/mod.ts"
import { rowLengths, type RowShapes, type Tokens } from "./tokens/mod.ts"

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

const learnedOf = ({ mismatched, sequences }: Encoded) => [sequences, mismatched?.sequences ?? []]

/** log π₀ of the sequences of every example, with room for as many of each as the one with the most has. */
class References {
  private readonly most: number
  private readonly known: Float64Array

  constructor({ length, at }: RowShapes) {
    let most = 0
    for (let row = 0; row < length; row++) {
      most = Math.max(
        most,
        at(row).trees.reduce((sum, { lengths }) => sum + lengths.length, 0)
      )
    }
    this.most = most
    this.known = new Float64Array(length * most)
  }

  set(row: number, logps: ReadonlyArray<number>): void {
    this.known.set(logps, row * this.most)
  }

  /** An example with what is known of it. */
  readonly add = (example: Encoded, row: number): Encoded => {
    const [own, other] = learnedOf(example).map(({ length }) => length)
    const from = row * this.most
    const between = from + (own ?? 0)
    const reference = Array.from(this.known.subarray(from, between))
    const { mismatched } = example
    if (!mismatched) return { ...example, reference }
    const crossed = Array.from(this.known.subarray(between, between + (other ?? 0)))
    return { ...example, reference, mismatched: { ...mismatched, reference: crossed } }
  }
}

/**
 * Examples with log π₀ of each of their sequences, computed once for all of training.
 *
 * Units    Nats.
 * Fails    RuntimeError, TokensUnkept.
 */
export const withReference = Effect.fnUntraced(function* (options: {
  readonly tokens: Tokens
  readonly step: TrainingStep
  readonly tensors: TensorsByName
  readonly objective: Objective
  readonly microBatchSize: number
}) {
  const { tokens, step, tensors, objective } = options
  const references = new References(tokens.shapes)
  for (const rows of cut(longestFirst(rowLengths(tokens.shapes)), options.microBatchSize)) {
    const members = yield* tokens.pick(rows)
    const { block, spoken } = yield* step.answer(members, tensors, "learned")
    let before = 0
    members.forEach((example, place) => {
      let first = before
      const logps = learnedOf(example).flatMap((sequences) => {
        const found = sums(sequences, { starts: block.starts, first, said: spoken.said, objective })
        first += sequences.length
        return found
      })
      references.set(rows[place] ?? 0, logps)
      before += sequencesOf(example).length
    })
  }
  const referred: Tokens = {
    shapes: tokens.shapes,
    pick: (places) =>
      Effect.map(tokens.pick(places), (examples) =>
        examples.map((example, i) => references.add(example, places[i] ?? 0))
      )
  }
  return referred
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
