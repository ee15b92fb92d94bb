import { Effect } from "effect"
import { languageHead, logProbabilitiesOf, rewardHead, spreadOf, type Strip } from "../../model/mod.ts"
import { graphWithWeights, trainedAmong } from "./openLayers.ts"
import { type Cut, gradientName, openStage, runStage, type Sizes, type TensorsByName } from "./Stage.ts"
import { chunksOf } from "./headChunks.ts"
import { savedIn } from "./savedIn.ts"
import { stripSizes } from "./stripSizes.ts"
import type { TrunkModel } from "./TrunkModel.ts"
import type { Workspace } from "./Workspace.ts"

type Numbers = Float32Array

const start = (name: string, model: TrunkModel) => graphWithWeights(name, { model, short: (parameter) => parameter })

/** The final norm of the states that something is read from: x [rows*tokens, hidden], select [selected] → h [selected, hidden]. */
export const pickCut = (model: TrunkModel): Cut => {
  const { op, weights, parameterOf, linear } = start("pick", model)
  const { config, family } = model
  const x = op.input("x", "float32", ["rows*tokens", config.hidden_size])
  const picked = op.Gather(x, op.input("select", "int64", ["selected"]), { axis: 0 })
  const h = op.output(family.norm(op, { config, parameterOf, linear }, picked), "h")
  return { name: "pick", graph: op.build(), of: [h], through: [x], weights: trainedAmong(weights, model.trained) }
}

const languageCut = (model: TrunkModel, squares: boolean): Cut => {
  const { op, weights, parameterOf } = start("languageHead", model)
  const h = op.input("h", "float32", ["selected", model.config.hidden_size])
  const targets = op.input("targets", "int64", ["selected", 1])
  const logits = languageHead(op, model.config, parameterOf, h)
  const { target, all } = logProbabilitiesOf(op, logits, targets)
  const logps = op.output(target, "logps")
  const { entropy, logSquares } = spreadOf(op, all)
  op.output(entropy, "entropy")
  if (squares) op.output(logSquares(), "logSquares")
  return {
    name: "language head",
    graph: op.build(),
    of: [logps],
    through: [h],
    weights: trainedAmong(weights, model.trained)
  }
}

const rewardCut = (model: TrunkModel): Cut => {
  const { op, weights, parameterOf } = start("rewardHead", model)
  const h = op.input("h", "float32", ["selected", model.config.hidden_size])
  const rewards = op.output(op.Squeeze(rewardHead(op, parameterOf, h), [1]), "rewards")
  return {
    name: "reward head",
    graph: op.build(),
    of: [rewards],
    through: [h],
    weights: trainedAmong(weights, model.trained)
  }
}

/** What is said of picked states by a head of this kind. */
export const headCut = (model: TrunkModel, kind: "causal" | "reward", squares: boolean): Cut =>
  kind === "causal" ? languageCut(model, squares) : rewardCut(model)

const cutOut = (arrays: Readonly<Record<string, Numbers>>, from: number, to: number) =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.subarray(from, to)]))

/**
 * What is read off the hidden states, and the way back: log π of the predicted tokens, or the reward of each sequence.
 *
 * The language head runs over a chunk of tokens at a time, so that logits exist for one chunk only.
 *
 * Units    chunk and kept in tokens.
 * Shapes   `forward` takes [size, hidden_size] and gives `said`, and of a language head `entropy` and, if asked for,
 *          `logSquares`, each [selected]; `backward` takes the gradient of that and
 *          gives the gradient of the hidden states.
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
  const pick = yield* openStage(pickCut(model))
  const head = yield* openStage(headCut(model, kind, options.squares))
  const selectOf = (strip: Strip) => (kind === "causal" ? strip.select : strip.last)
  const pickSizes = (strip: Strip): Sizes => ({ ...stripSizes(strip), selected: selectOf(strip).length })
  const savedOf = savedIn(workspace)
  const rowsOf = (array: Numbers, from: number, to: number) => array.subarray(from * hidden, to * hidden)
  const inputsOf = (strip: Strip, h: Numbers, from: number, to: number) => ({
    h: rowsOf(h, from, to),
    targets: strip.targets.subarray(from, to)
  })

  const forward = Effect.fnUntraced(function* (strip: Strip, tensors: TensorsByName, x: Numbers, keep: boolean) {
    const select = selectOf(strip)
    const sizes = pickSizes(strip)
    const h = workspace.take("h", select.length * hidden)
    const said = new Float32Array(select.length)
    const spread = kind === "causal" ? { entropy: new Float32Array(select.length) } : {}
    const logSquares = options.squares ? { logSquares: new Float32Array(select.length) } : {}
    const all: Readonly<Record<string, Numbers>> = { [result]: said, ...spread, ...logSquares }
    const picked = keep ? savedOf(pick, "pick", sizes) : {}
    yield* runStage(keep ? pick.saving : pick.forward, {
      sizes,
      tensors,
      arrays: { x, select },
      outputs: { ...picked, h }
    })
    for (const { from, kept, room, to } of chunksOf(select.length, chunk, options.kept)) {
      const sizesHere = { selected: to - from }
      const saved = keep && kept ? savedOf(head, room, sizesHere) : {}
      yield* runStage(keep && kept ? head.saving : head.forward, {
        sizes: sizesHere,
        tensors,
        arrays: inputsOf(strip, h, from, to),
        outputs: { ...saved, ...cutOut(all, from, to) }
      })
    }
    return { said, ...spread, ...logSquares }
  })

  const backward = Effect.fnUntraced(function* (
    strip: Strip,
    tensors: TensorsByName,
    states: { readonly x: Numbers; readonly gradient: Numbers }
  ) {
    if (!head.backward || !pick.backward) throw new RangeError("No backward half was opened for the head")
    const select = selectOf(strip)
    const h = workspace.take("h", select.length * hidden)
    const dh = workspace.take("dh", select.length * hidden)
    const dx = workspace.take("dx.head", states.x.length)
    for (const { from, kept, room, to } of chunksOf(select.length, chunk, options.kept)) {
      const sizes = { selected: to - from }
      const arrays = inputsOf(strip, h, from, to)
      const saved = savedOf(head, room, sizes)
      if (!kept && head.saved.length > 0) yield* runStage(head.saving, { sizes, tensors, arrays, outputs: saved })
      yield* runStage(head.backward, {
        sizes,
        tensors,
        arrays: { ...saved, ...arrays, [gradientName(result)]: states.gradient.subarray(from, to) },
        outputs: { [gradientName("h")]: rowsOf(dh, from, to) }
      })
    }
    const sizes = pickSizes(strip)
    yield* runStage(pick.backward, {
      sizes,
      tensors,
      arrays: { ...savedOf(pick, "pick", sizes), x: states.x, select, [gradientName("h")]: dh },
      outputs: { [gradientName("x")]: dx }
    })
    return dx
  })
  return { forward, backward }
})
