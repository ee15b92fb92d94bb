import { Effect } from "effect"
import { serialize } from "../../graph/mod.ts"
import { layoutStrip, type Placement, type Strip } from "../../model/mod.ts"
import { OnnxRuntime, type TypedArray } from "../../runtime/mod.ts"
import {
  type Batch,
  batchInputs,
  type Encoded,
  lossPorts,
  type Measures,
  type Objective,
  sequencesOf
} from "../objective/mod.ts"
import { makeHead } from "./makeHead.ts"
import { makeTrunk, type ReadStrip } from "./makeTrunk.ts"
import { type Keep, runStage, type TensorsByName } from "./Stage.ts"
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
export type Context = Pick<Batch, "totals" | "runningReward">

/** Room for what a pass computes. Units: tokens. */
export interface StepMemory {
  readonly keepOf: (layer: number) => Keep
  /** Tokens whose logits exist at once. */
  readonly headChunk: number
  /** Tokens whose log π over the vocabulary is kept for the way back; that of others is computed a second time. */
  readonly headKept: number
}

/** What the model says of a block. Shapes: each [selected]. */
interface Said {
  readonly said: Float32Array
  readonly entropy?: Float32Array
  readonly logSquares?: Float32Array
}

const entropyOf = (block: Placement, { entropy }: Said): Measures => {
  if (!entropy) return {}
  const learned = entropy.filter((_, i) => block.learned[i] === 1)
  return { entropy: { sum: learned.reduce((sum, nats) => sum + nats, 0), count: learned.length } }
}

const tokensOf = (examples: ReadonlyArray<Encoded>): number =>
  examples
    .flatMap((example) => sequencesOf({ ...example, alternatives: [] }))
    .reduce((sum, { ids }) => sum + ids.length, 0)

/** The session of a loss, fed with what it reads of a batch. Fails: RuntimeError. */
const makeLoss = Effect.fnUntraced(function* (objective: Objective) {
  const runtime = yield* OnnxRuntime
  const { graph, reads, reports } = objective.loss
  const session = yield* runtime.session({ name: "loss", model: serialize(graph) })
  return Effect.fnUntraced(function* (batch: Batch, spoken: Said) {
    const { said, logSquares } = spoken
    const pairs = batch.examples.length
    const rows = batch.examples.reduce((sum, { sequences }) => sum + sequences.length, 0)
    const arrays: Record<string, TypedArray> = { [lossPorts.said]: said, [lossPorts.detached]: said }
    if (logSquares) arrays[lossPorts.logSquares] = logSquares
    for (const name of reads) arrays[name] = batchInputs[name].fill(batch)
    const loss = new Float32Array(1)
    const gradient = new Float32Array(said.length)
    const reported: Record<string, Float32Array> = {}
    for (const { name, shape } of session.outputs) {
      if (reports.includes(name)) reported[name] = new Float32Array(shape[0] === "rows" ? rows : pairs)
    }
    yield* runStage(session, {
      sizes: { pairs, rows, selected: said.length },
      tensors: new Map(),
      arrays,
      outputs: { ...reported, [lossPorts.loss]: loss, [lossPorts.gradient]: gradient }
    })
    const measures = { ...objective.measure(batch.examples, reported), ...entropyOf(batch.block, spoken) }
    const result: StepResult = { loss: loss[0] ?? Number.NaN, measures, tokens: tokensOf(batch.examples) }
    return { result, gradient }
  })
})

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
  const workspace = makeWorkspace()
  const lossOf = yield* makeLoss(objective)
  const trunk = yield* makeTrunk({ model, workspace, keepOf: memory.keepOf })
  const head = yield* makeHead({
    model,
    workspace,
    kind: objective.kind,
    chunk: memory.headChunk,
    kept: memory.headKept,
    squares: objective.loss.readsSquares
  })
  const stripOf = (examples: ReadonlyArray<Encoded>, predict = objective.predict): ReadStrip => {
    const strip = layoutStrip(examples.map(sequencesOf), { predict })
    return { ...strip, read: objective.kind === "causal" ? strip.select : strip.last }
  }
  const batchOf = (examples: ReadonlyArray<Encoded>, block: Strip, context: Context): Batch => ({
    ...context,
    ...(objective.tokenWeight ? { tokenWeight: objective.tokenWeight } : {}),
    block,
    examples
  })

  /** What the model says of every predicted token, or of every sequence. */
  const answer = Effect.fnUntraced(function* (
    examples: ReadonlyArray<Encoded>,
    tensors: TensorsByName,
    predict = objective.predict
  ) {
    const block = stripOf(examples, predict)
    const x = yield* trunk.forward(block, tensors, false)
    return { block, spoken: yield* head.forward({ ...block, x }, tensors, false) }
  })

  /** The loss of some examples, and nothing else. */
  const evaluate = Effect.fnUntraced(function* (
    examples: ReadonlyArray<Encoded>,
    tensors: TensorsByName,
    context: Context
  ) {
    const { block, spoken } = yield* answer(examples, tensors)
    return (yield* lossOf(batchOf(examples, block, context), spoken)).result
  })

  /** The loss of some examples, with its gradients added up. */
  const train = Effect.fnUntraced(function* (
    examples: ReadonlyArray<Encoded>,
    tensors: TensorsByName,
    context: Context
  ) {
    const block = stripOf(examples)
    const read = { ...block, x: yield* trunk.forward(block, tensors, true) }
    const spoken = yield* head.forward(read, tensors, true)
    const { gradient, result } = yield* lossOf(batchOf(examples, block, context), spoken)
    yield* trunk.backward(block, tensors, yield* head.backward(read, tensors, gradient))
    return result
  })

  /** The first example, and the first part of the model, in which a number is none. */
  const locate = Effect.fnUntraced(function* (examples: ReadonlyArray<Encoded>, tensors: TensorsByName) {
    for (const example of examples) {
      const layer = yield* trunk.firstBroken(stripOf([example]), tensors)
      if (layer !== undefined) return { promptId: example.promptId, layer }
      const { spoken } = yield* answer([example], tensors)
      if (!spoken.said.every(Number.isFinite)) return { promptId: example.promptId, layer: "the head" }
    }
    return undefined
  })
  return { answer, evaluate, train, locate, workspace }
})

/** One pass over some examples, as `makeStep` makes it. */
export type TrainingStep = Effect.Success<ReturnType<typeof makeStep>>
