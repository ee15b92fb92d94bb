import { Effect } from "effect"
import { type Graph, Ops, resolveShape, serialize } from "../../graph/mod.ts"
import { attentionMask, type Block, placeInputs } from "../../model/mod.ts"
import { OnnxRuntime, type Session } from "../../runtime/mod.ts"
import { graphWithWeights, layerTensors, maskName, openLayers, trainedAmong } from "./openLayers.ts"
import {
  type Cut,
  forwardOf,
  gradientName,
  type Keep,
  openStage,
  runStage,
  type Sizes,
  type Stage,
  type TensorsByName
} from "./Stage.ts"
import type { TrunkModel } from "./TrunkModel.ts"
import type { Workspace } from "./Workspace.ts"

/** The embedding of the tokens of a block. */
export const embedCut = (model: TrunkModel): Cut => {
  const { op, weights, parameterOf, linear } = graphWithWeights("embed", { model, short: (name) => name })
  const ids = op.input("ids", "int64", ["rows", "tokens"])
  const y = op.output(model.family.embed(op, { config: model.config, parameterOf, linear }, ids), "y")
  return { name: "embed", graph: op.build(), of: y, through: [], weights: trainedAmong(weights, model.trained) }
}

/** What a window lets each token see. Shapes: mask [rows, 1, 1, tokens, tokens]. */
export const maskGraph = (window: number | undefined): Graph => {
  const op = new Ops("mask")
  op.output(attentionMask(op, placeInputs(op), window), "mask")
  return op.build()
}

const openMask = Effect.fnUntraced(function* (window: number | undefined) {
  const runtime = yield* OnnxRuntime
  return yield* runtime.session({ name: maskName(window), model: serialize(maskGraph(window)), arena: "shared" })
})

const sizesOf = ({ rows, tokens }: Block): Sizes => ({ rows, tokens })

/** The number of elements of a shape at these sizes. */
export const elementsOf = (shape: Parameters<typeof resolveShape>[0], sizes: Sizes): number =>
  resolveShape(shape, sizes).reduce((product, size) => product * size, 1)

/** The first layer that gradients must reach: those below it hold nothing that is trained, nor does the embedding. */
export const lowestLayer = (model: TrunkModel, embedTrained: boolean): number => {
  if (embedTrained) return 0
  const layers = Array.from({ length: model.config.num_hidden_layers }, (_, layer) => layer)
  const found = layers.find((layer) => [...model.trained].some((name) => name.startsWith(`model.layers.${layer}.`)))
  return found ?? layers.length
}

/**
 * Everything of a step below the head: masks, embedding and layers, forwards and backwards, one block at a time.
 *
 * The result of `forward`, and what `backward` reads, stand in the workspace until the next block.
 *
 * Shapes   `forward` gives [rows*tokens, hidden_size], before the final norm; `backward` takes its gradient.
 * Fails    RuntimeError.
 */
export const makeTrunk = Effect.fnUntraced(function* (options: {
  readonly model: TrunkModel
  readonly workspace: Workspace
  /** What the backward pass of a layer reads; "inputs" computes the layer a second time. */
  readonly keepOf: (layer: number) => Keep
}) {
  const { model, workspace, keepOf } = options
  const count = model.config.num_hidden_layers
  const keeps = [...new Set(Array.from({ length: count }, (_, layer) => keepOf(layer)))]
  const { kinds, windows } = yield* openLayers(model, keeps)
  const cut = embedCut(model)
  const embed = yield* openStage(cut, cut.weights.length > 0 ? ["inputs"] : [])
  const masks = new Map<string, Session>()
  for (const window of windows) masks.set(maskName(window), yield* openMask(window))
  const lowest = lowestLayer(model, cut.weights.length > 0)

  const stageOf = (layer: number): Stage => {
    const stage = kinds.get(model.kindOf(layer))
    if (!stage) throw new RangeError(`No stage was opened for layer ${layer}`)
    return stage
  }
  /** The input of a layer; when no backward pass follows, two buffers take turns. */
  const boundary = (block: Block, layer: number, keep: boolean) =>
    workspace.take(`x.${keep ? layer : layer % 2}`, block.rows * block.tokens * model.config.hidden_size)
  const maskArrays = (block: Block) =>
    Object.fromEntries([...masks.keys()].map((name) => [name, workspace.take(name, block.rows * block.tokens ** 2)]))
  const savedArrays = (block: Block, layer: number) =>
    Object.fromEntries(
      stageOf(layer).saved.map(({ name, shape }) => [
        name,
        workspace.take(`${layer}.${name}`, elementsOf(shape, sizesOf(block)))
      ])
    )

  const forward = Effect.fnUntraced(function* (block: Block, tensors: TensorsByName, keep: boolean) {
    const sizes = sizesOf(block)
    const { positions, document, branch, ids } = block
    const masked = maskArrays(block)
    for (const [name, session] of masks) {
      const outputs = { mask: workspace.take(name, block.rows * block.tokens ** 2) }
      yield* runStage(session, { sizes, tensors, arrays: { positions, document, branch }, outputs })
    }
    let x = boundary(block, 0, keep)
    yield* runStage(embed.forward.inputs, { sizes, tensors, arrays: { ids }, outputs: { y: x } })
    for (let layer = 0; layer < count; layer++) {
      const y = boundary(block, layer + 1, keep)
      const kept: Keep = keep && layer >= lowest ? keepOf(layer) : "inputs"
      const saved = kept === "intermediates" ? savedArrays(block, layer) : {}
      yield* runStage(forwardOf(stageOf(layer), kept), {
        sizes,
        tensors: layerTensors(tensors, layer),
        arrays: { ...masked, positions, x },
        outputs: { ...saved, y }
      })
      x = y
    }
    return x
  })

  const backward = Effect.fnUntraced(function* (
    block: Block,
    tensors: TensorsByName,
    gradient: Float32Array<ArrayBuffer>
  ) {
    const sizes = sizesOf(block)
    let dy = gradient
    for (let layer = count - 1; layer >= lowest; layer--) {
      const session = stageOf(layer).backward[keepOf(layer)]
      if (!session) throw new RangeError(`No backward half was opened for layer ${layer}`)
      const dx = workspace.take(`dx.${layer % 2}`, dy.length)
      yield* runStage(session, {
        sizes,
        tensors: layerTensors(tensors, layer),
        arrays: {
          ...maskArrays(block),
          ...(keepOf(layer) === "intermediates" ? savedArrays(block, layer) : {}),
          positions: block.positions,
          x: boundary(block, layer, true),
          [gradientName("y")]: dy
        },
        outputs: { [gradientName("x")]: dx }
      })
      dy = dx
    }
    const session = embed.backward.inputs
    if (!session) return
    yield* runStage(session, { sizes, tensors, arrays: { ids: block.ids, [gradientName("y")]: dy }, outputs: {} })
  })

  /** The first layer whose output holds a number that is none, as `forward` without keeping goes through them. */
  const firstBroken = Effect.fnUntraced(function* (block: Block, tensors: TensorsByName) {
    yield* forward(block, tensors, true)
    for (let layer = 0; layer <= count; layer++) {
      if (!boundary(block, layer, true).every(Number.isFinite))
        return layer === 0 ? "the embedding" : `layer ${layer - 1}`
    }
    return undefined
  })
  return { forward, backward, firstBroken }
})
