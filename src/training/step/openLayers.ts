import { Effect } from "effect"
import { Ops, type Value } from "../../graph/mod.ts"
import { type FamilyContext, layerPrefix, packedAttention } from "../../model/mod.ts"
import { type Cut, type Keep, openStage, type Stage, type TensorsByName } from "./Stage.ts"
import type { TrunkModel } from "./TrunkModel.ts"

/** A graph in the making, with every weight it asks for as an input. */
export const graphWithWeights = (
  name: string,
  options: {
    readonly model: TrunkModel
    readonly short: (parameter: string) => string
  }
) => {
  const op = new Ops(name)
  const weights = new Map<string, Value>()
  const parameterOf = (parameter: string): Value => {
    const found = weights.get(parameter)
    if (found) return found
    const shape = options.model.shapes.get(parameter)
    if (!shape) throw new RangeError(`Parameter "${parameter}" is not among those of the model`)
    const made = op.input(options.short(parameter), "float32", shape)
    weights.set(parameter, made)
    return made
  }
  return { op, weights, parameterOf, linear: options.model.linearOf(op, parameterOf) }
}

/** The graph values of the weights that get a gradient. */
export const trainedAmong = (weights: ReadonlyMap<string, Value>, trained: ReadonlySet<string>): ReadonlyArray<Value> =>
  [...weights].filter(([name]) => trained.has(name)).map(([, value]) => value)

/** The name of the mask that a window takes. */
export const maskName = (window: number | undefined): string => (window === undefined ? "mask" : `mask.${window}`)

/** The graph of layer `layer`, its weights named without their prefix, so that all layers of its kind can run it. */
export const layerCut = (
  model: TrunkModel,
  layer: number
): Cut & { readonly windows: ReadonlySet<number | undefined> } => {
  const { config, family, contextLength, trained } = model
  const prefix = `${layerPrefix(layer)}.`
  const short = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name)
  const { op, weights, parameterOf, linear } = graphWithWeights("layer", { model, short })
  const x = op.input("x", "float32", ["rows*tokens", config.hidden_size])
  const positions = op.input("positions", "int64", ["rows", "tokens"])
  const windows = new Map<number | undefined, Value>()
  const maskOf = (window: number | undefined) => {
    const mask = windows.get(window) ?? op.input(maskName(window), "float32", ["rows", 1, 1, "tokens", "tokens"])
    windows.set(window, mask)
    return mask
  }
  const attend = packedAttention(op, config, { contextLength, positions, maskOf })
  const context: FamilyContext = { config, parameterOf, linear, attend }
  const y = op.output(family.layer(op, context, layer, x), "y")
  return {
    name: `layer "${model.kindOf(layer)}"`,
    graph: op.build(),
    of: y,
    through: [x],
    weights: trainedAmong(weights, trained),
    windows: new Set(windows.keys())
  }
}

/** The tensors of one layer, by the names of the layer's graph. */
export const layerTensors = (tensors: TensorsByName, layer: number): TensorsByName => {
  const prefix = `${layerPrefix(layer)}.`
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor] as const)
  )
}

/** The sessions of every kind of layer. Fails: RuntimeError. */
export const openLayers = Effect.fnUntraced(function* (model: TrunkModel, keeps: ReadonlyArray<Keep>) {
  const kinds = new Map<string, Stage>()
  const windows = new Set<number | undefined>()
  for (let layer = 0; layer < model.config.num_hidden_layers; layer++) {
    const kind = model.kindOf(layer)
    if (kinds.has(kind)) continue
    const cut = layerCut(model, layer)
    for (const window of cut.windows) windows.add(window)
    kinds.set(kind, yield* openStage(cut, keeps))
  }
  return { kinds, windows }
})
