import { Effect } from "effect"
import { languageHead, logProbabilitiesOf, rewardHead, spreadOf } from "../../model/mod.ts"
import type { Value } from "../../graph/mod.ts"
import { graphWithWeights, trainedAmong } from "./openLayers.ts"
import { type Cut, gradientName, openStage, runStage, type TensorsByName } from "./Stage.ts"
import { chunksOf } from "./headChunks.ts"
import { savedIn } from "./savedIn.ts"
import type { TrunkModel } from "./TrunkModel.ts"
import type { Workspace } from "./Workspace.ts"

/** A graph that begins with the final norm of hidden states: x [selected, hidden_size] → h. */
const start = (name: string, model: TrunkModel) => {
  const { op, weights, parameterOf, linear } = graphWithWeights(name, { model, short: (parameter) => parameter })
  const { config, family } = model
  const x = op.input("x", "float32", ["selected", config.hidden_size])
  const h = family.norm(op, { config, parameterOf, linear }, x)
  const cut = (of: ReadonlyArray<Value>): Cut => ({
    name,
    graph: op.build(),
    of,
    through: [x],
    weights: trainedAmong(weights, model.trained)
  })
  return { op, parameterOf, h, cut }
}

const languageCut = (model: TrunkModel, squares: boolean): Cut => {
  const { op, parameterOf, h, cut } = start("language head", model)
  const targets = op.input("targets", "int64", ["selected", 1])
  const logits = languageHead(op, model.config, parameterOf, h)
  const { target, all } = logProbabilitiesOf(op, logits, targets)
  const logps = op.output(target, "logps")
  const { entropy, logSquares } = spreadOf(op, all)
  op.output(entropy, "entropy")
  if (squares) op.output(logSquares(), "logSquares")
  return cut([logps])
}

const rewardCut = (model: TrunkModel): Cut => {
  const { op, parameterOf, h, cut } = start("reward head", model)
  return cut([op.output(op.Squeeze(rewardHead(op, parameterOf, h), [1]), "rewards")])
}

/** What a head of this kind says of hidden states, the final norm before it. */
export const headCut = (model: TrunkModel, kind: "causal" | "reward", squares: boolean): Cut =>
  kind === "causal" ? languageCut(model, squares) : rewardCut(model)

const cutOut = (arrays: Readonly<Record<string, Float32Array>>, from: number, to: number) =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.subarray(from, to)]))

/** The hidden states that a head looks at, and the tokens that a language head predicts from them. */
interface Read {
  readonly x: Float32Array
  readonly targets: BigInt64Array<ArrayBuffer>
}

/**
 * What is said of hidden states, and the way back: log π of the predicted tokens, or the reward of each sequence.
 *
 * The language head runs over a chunk of tokens at a time, so that logits exist for one chunk only.
 *
 * Units    chunk and kept in tokens.
 * Shapes   `forward` takes [selected, hidden_size] and targets [selected], and gives `said`, and of a language head
 *          `entropy` and, if asked for, `logSquares`, each [selected]; `backward` takes the gradient of `said` and gives
 *          that of the hidden states.
 * Fails    RuntimeError.
 */
export const makeHead = Effect.fnUntraced(function* (options: {
  readonly model: TrunkModel
  readonly kind: "causal" | "reward"
  readonly workspace: Workspace
  readonly chunk: number
  readonly kept: number
  /** Whether log Σ π² is asked for. */
  readonly squares: boolean
}) {
  const { model, kind, workspace, chunk } = options
  const hidden = model.config.hidden_size
  const result = kind === "causal" ? "logps" : "rewards"
  const head = yield* openStage(headCut(model, kind, options.squares))
  const savedOf = savedIn(workspace)
  const rowsOf = (array: Float32Array, from: number, to: number) => array.subarray(from * hidden, to * hidden)
  const inputsOf = ({ x, targets }: Read, from: number, to: number) => ({
    x: rowsOf(x, from, to),
    targets: targets.subarray(from, to)
  })

  const forward = Effect.fnUntraced(function* (read: Read, tensors: TensorsByName, keep: boolean) {
    const selected = read.x.length / hidden
    const said = new Float32Array(selected)
    const spread = kind === "causal" ? { entropy: new Float32Array(selected) } : {}
    const logSquares = options.squares ? { logSquares: new Float32Array(selected) } : {}
    const all: Readonly<Record<string, Float32Array>> = { [result]: said, ...spread, ...logSquares }
    for (const { from, kept, room, to } of chunksOf(selected, chunk, options.kept)) {
      const sizes = { selected: to - from }
      const saved = keep && kept ? savedOf(head, room, sizes) : {}
      yield* runStage(keep && kept ? head.saving : head.forward, {
        sizes,
        tensors,
        arrays: inputsOf(read, from, to),
        outputs: { ...saved, ...cutOut(all, from, to) }
      })
    }
    return { said, ...spread, ...logSquares }
  })

  const backward = Effect.fnUntraced(function* (read: Read, tensors: TensorsByName, gradient: Float32Array) {
    if (!head.backward) throw new RangeError("No backward half was opened for the head")
    const dx = workspace.take("dx.head", read.x.length)
    for (const { from, kept, room, to } of chunksOf(read.x.length / hidden, chunk, options.kept)) {
      const sizes = { selected: to - from }
      const arrays = inputsOf(read, from, to)
      const saved = savedOf(head, room, sizes)
      if (!kept && head.saved.length > 0) yield* runStage(head.saving, { sizes, tensors, arrays, outputs: saved })
      yield* runStage(head.backward, {
        sizes,
        tensors,
        arrays: { ...saved, ...arrays, [gradientName(result)]: gradient.subarray(from, to) },
        outputs: { [gradientName("x")]: rowsOf(dx, from, to) }
      })
    }
    return dx
  })
  return { forward, backward }
})
