import { Effect } from "effect"
import { serialize } from "../../graph/mod.ts"
import { layoutBlock } from "../../model/mod.ts"
import { OnnxRuntime, type TypedArray } from "../../runtime/mod.ts"
import { type Batch, batchInputs, type Encoded, type Measures, type Objective, sequencesOf, type Totals } from "../objective/mod.ts"
import { detachedName, lossGraph, outputName } from "./lossGraph.ts"
import { makeHead } from "./makeHead.ts"
import { makeTrunk } from "./makeTrunk.ts"
import { gradientName, type Keep, runStage, type TensorsByName } from "./Stage.ts"
import type { TrunkModel } from "./TrunkModel.ts"
import { makeWorkspace } from "./Workspace.ts"

/** What one pass gave: its share of the batch's loss, and sums of the measures over its examples. */
export interface StepResult {
  readonly loss: number
  readonly measures: Measures
  /** Units: tokens of all sequences, a shared prompt counted for each. */
  readonly tokens: number
}

/** What of a whole batch a pass must know. */
export interface Context {
  readonly totals: Totals
  readonly runningReward: number
}

/** Rooms for what a pass computes. Units: tokens. */
export interface StepMemory {
  readonly keepOf: (layer: number) => Keep
  /** Tokens whose logits exist at once. */
  readonly headChunk: number
}

const resultOf = (examples: ReadonlyArray<Encoded>, found: { readonly loss: number; readonly measures: Measures }) => {
  const result: StepResult = {
    loss: found.loss,
    measures: found.measures,
    tokens: examples.flatMap(sequencesOf).reduce((sum, { ids }) => sum + ids.length, 0)
  }
  return result
}


/**
 * One pass over some examples: forwards alone, or forwards and backwards with gradients added up in the tensors' buffers.
 *
 * Fails    RuntimeError.
 */
export const makeStep = Effect.fnUntraced(function* (options: {
  readonly objective: Objective
  readonly model: TrunkModel
  readonly memory: StepMemory
}) {
  const { objective, model, memory } = options
  const runtime = yield* OnnxRuntime
  const workspace = makeWorkspace()
  const { graph, reads, reports } = lossGraph(objective)
  const lossSession = yield* runtime.session({ name: "loss", model: serialize(graph) })
  const trunk = yield* makeTrunk({ model, workspace, keepOf: memory.keepOf })
  const head = yield* makeHead({ model, kind: objective.kind, workspace, chunk: memory.headChunk })
  const output = outputName[objective.kind]

  const blockOf = (examples: ReadonlyArray<Encoded>, predict = objective.predict) =>
    layoutBlock(examples.map(sequencesOf), { predict })

  /** What the model says of every predicted token, or of every sequence. */
  const answer = Effect.fnUntraced(function* (
    examples: ReadonlyArray<Encoded>,
    tensors: TensorsByName,
    predict = objective.predict
  ) {
    const block = blockOf(examples, predict)
    const x = yield* trunk.forward(block, tensors, false)
    return { block, said: yield* head.forward(block, tensors, x, false) }
  })

  const lossOf = Effect.fnUntraced(function* (batch: Batch, said: Float32Array<ArrayBuffer>) {
    const pairs = batch.examples.length
    const rows = batch.examples.reduce((sum, { sequences }) => sum + sequences.length, 0)
    const sizes = { pairs, rows, selected: said.length }
    const arrays: Record<string, TypedArray> = { [output]: said, [detachedName]: said }
    for (const name of reads) arrays[name] = batchInputs[name].fill(batch)
    const loss = new Float32Array(1)
    const gradient = new Float32Array(said.length)
    const reported: Record<string, Float32Array<ArrayBuffer>> = {}
    for (const { name, shape } of lossSession.outputs) {
      if (reports.includes(name)) reported[name] = new Float32Array(shape[0] === "rows" ? rows : pairs)
    }
    yield* runStage(lossSession, {
      sizes,
      tensors: new Map(),
      arrays,
      outputs: { ...reported, loss, [gradientName(output)]: gradient }
    })
    return { loss: loss[0] ?? Number.NaN, gradient, measures: objective.measure(batch.examples, reported) }
  })

  /** The loss of some examples, and nothing else. */
  const evaluate = Effect.fnUntraced(function* (
    examples: ReadonlyArray<Encoded>,
    tensors: TensorsByName,
    context: Context
  ) {
    const { block, said } = yield* answer(examples, tensors)
    return resultOf(examples, yield* lossOf({ ...objective, ...context, block, examples }, said))
  })

  /** The loss of some examples, with its gradients added up. */
  const train = Effect.fnUntraced(function* (
    examples: ReadonlyArray<Encoded>,
    tensors: TensorsByName,
    context: Context
  ) {
    const block = blockOf(examples)
    const x = yield* trunk.forward(block, tensors, true)
    const said = yield* head.forward(block, tensors, x, true)
    const found = yield* lossOf({ ...objective, ...context, block, examples }, said)
    const dx = yield* head.backward(block, tensors, { x, gradient: found.gradient })
    yield* trunk.backward(block, tensors, dx)
    return resultOf(examples, found)
  })
  /** The first example, and the first part of the model, in which a number is none. */
  const locate = Effect.fnUntraced(function* (examples: ReadonlyArray<Encoded>, tensors: TensorsByName) {
    for (const example of examples) {
      const layer = yield* trunk.firstBroken(blockOf([example]), tensors)
      if (layer !== undefined) return { promptId: example.promptId, layer }
      const { said } = yield* answer([example], tensors)
      if (!said.every(Number.isFinite)) return { promptId: example.promptId, layer: "the head" }
    }
    return undefined
  })
  return { answer, evaluate, train, locate, workspace }
})

/** One pass over some examples, as `makeStep` makes it. */
export type TrainingStep = Effect.Success<ReturnType<typeof makeStep>>
