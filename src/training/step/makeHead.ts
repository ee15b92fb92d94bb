import { Effect } from "effect"
import { type Block, languageHead, logProbabilitiesOf, rewardHead, spreadOf } from "../../model/mod.ts"
import { graphWithWeights, trainedAmong } from "./openLayers.ts"
import { type Cut, forwardOf, gradientName, type Keep, openStage, runStage, type TensorsByName } from "./Stage.ts"
import { elementsOf } from "./makeTrunk.ts"
import type { TrunkModel } from "./TrunkModel.ts"
import type { Workspace } from "./Workspace.ts"

const start = (name: string, model: TrunkModel) => graphWithWeights(name, { model, short: (parameter) => parameter })

/** The final norm of the states that something is read from: x [rows*tokens, hidden], select [selected] → h [selected, hidden]. */
export const pickCut = (model: TrunkModel): Cut => {
  const { op, weights, parameterOf, linear } = start("pick", model)
  const { config, family } = model
  const x = op.input("x", "float32", ["rows*tokens", config.hidden_size])
  const picked = op.Gather(x, op.input("select", "int64", ["selected"]), { axis: 0 })
  const h = op.output(family.norm(op, { config, parameterOf, linear }, picked), "h")
  return { name: "pick", graph: op.build(), of: h, through: [x], weights: trainedAmong(weights, model.trained) }
}

/** The language head over picked states: logps, entropy and, if asked for, logSquares, each [selected]. */
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
    of: logps,
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
    of: rewards,
    through: [h],
    weights: trainedAmong(weights, model.trained)
  }
}

/** What is said of picked states by a head of this kind. */
export const headCut = (model: TrunkModel, kind: "causal" | "reward", squares: boolean): Cut =>
  kind === "causal" ? languageCut(model, squares) : rewardCut(model)

const cutOut = (arrays: Readonly<Record<string, Float32Array<ArrayBuffer>>>, from: number, to: number) =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.subarray(from, to)]))

/** Steps of `size` that cover `count`. */
const chunksOf = (count: number, size: number): ReadonlyArray<readonly [from: number, to: number]> =>
  Array.from({ length: Math.ceil(count / size) }, (_, i) => [i * size, Math.min(count, (i + 1) * size)] as const)

/**
 * What is read off the hidden states, and the way back: log π of the predicted tokens, or the reward of each sequence.
 *
 * The language head runs over a chunk of tokens at a time, so that logits exist for one chunk only.
 *
 * Units    chunk in tokens.
 * Shapes   `forward` takes [rows*tokens, hidden_size] and gives `said`, and of a language head `entropy` and, if asked for,
 *          `logSquares`, each [selected]; `backward` takes the gradient of that and
 *          gives the gradient of the hidden states.
 * Fails    RuntimeError.
 */
export const makeHead = Effect.fnUntraced(function* (options: {
  readonly model: TrunkModel
  readonly kind: "causal" | "reward"
  readonly workspace: Workspace
  readonly chunk: number
  /** Whether log Σ π² is asked for. */
  readonly squares: boolean
}) {
  const { model, kind, workspace, chunk } = options
  const hidden = model.config.hidden_size
  const result = kind === "causal" ? "logps" : "rewards"
  const pick = yield* openStage(pickCut(model), ["inputs"])
  const head = yield* openStage(headCut(model, kind, options.squares), ["inputs", "intermediates"])
  /** What one chunk computed is kept; of several, each is computed a second time. */
  const keepOf = (selected: number): Keep => (selected <= chunk ? "intermediates" : "inputs")
  const savedArrays = (selected: number) =>
    keepOf(selected) === "intermediates"
      ? Object.fromEntries(
          head.saved.map(({ name, shape }) => [name, workspace.take(`head.${name}`, elementsOf(shape, { selected }))])
        )
      : {}
  const selectOf = (block: Block) => (kind === "causal" ? block.select : block.last)
  const rowsOf = (array: Float32Array<ArrayBuffer>, from: number, to: number) =>
    array.subarray(from * hidden, to * hidden)

  const forward = Effect.fnUntraced(function* (
    block: Block,
    tensors: TensorsByName,
    x: Float32Array<ArrayBuffer>,
    keep: boolean
  ) {
    const select = selectOf(block)
    const sizes = { rows: block.rows, tokens: block.tokens, selected: select.length }
    const h = workspace.take("h", select.length * hidden)
    const said = new Float32Array(select.length)
    const spread = kind === "causal" ? { entropy: new Float32Array(select.length) } : {}
    const logSquares = options.squares ? { logSquares: new Float32Array(select.length) } : {}
    const all: Readonly<Record<string, Float32Array<ArrayBuffer>>> = { [result]: said, ...spread, ...logSquares }
    yield* runStage(pick.forward.inputs, { sizes, tensors, arrays: { x, select }, outputs: { h } })
    const kept = keep ? keepOf(select.length) : "inputs"
    for (const [from, to] of chunksOf(select.length, chunk)) {
      yield* runStage(forwardOf(head, kept), {
        sizes: { selected: to - from },
        tensors,
        arrays: { h: rowsOf(h, from, to), targets: block.targets.subarray(from, to) },
        outputs: { ...(kept === "intermediates" ? savedArrays(select.length) : {}), ...cutOut(all, from, to) }
      })
    }
    return { said, ...spread, ...logSquares }
  })

  const backward = Effect.fnUntraced(function* (
    block: Block,
    tensors: TensorsByName,
    states: { readonly x: Float32Array<ArrayBuffer>; readonly gradient: Float32Array<ArrayBuffer> }
  ) {
    const select = selectOf(block)
    const sizes = { rows: block.rows, tokens: block.tokens, selected: select.length }
    const h = workspace.take("h", select.length * hidden)
    const dh = workspace.take("dh", select.length * hidden)
    const dx = workspace.take("dx.head", states.x.length)
    const back = { head: head.backward[keepOf(select.length)], pick: pick.backward.inputs }
    if (!back.head || !back.pick) throw new RangeError("No backward half was opened for the head")
    for (const [from, to] of chunksOf(select.length, chunk)) {
      yield* runStage(back.head, {
        sizes: { selected: to - from },
        tensors,
        arrays: {
          ...savedArrays(select.length),
          h: rowsOf(h, from, to),
          targets: block.targets.subarray(from, to),
          [gradientName(result)]: states.gradient.subarray(from, to)
        },
        outputs: { [gradientName("h")]: rowsOf(dh, from, to) }
      })
    }
    yield* runStage(back.pick, {
      sizes,
      tensors,
      arrays: { x: states.x, select, [gradientName("h")]: dh },
      outputs: { [gradientName("x")]: dx }
    })
    return dx
  })
  return { forward, backward }
})
