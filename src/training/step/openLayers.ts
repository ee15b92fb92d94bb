import { Effect } from "effect"
import { addDims, type Graph, liveNodes, multiplyDims, Ops, type Value } from "../../graph/mod.ts"
import { type Attend, type AttendOptions, layerPrefix, longestRow, packedAttention, rowParts } from "../../model/mod.ts"
import { type Cut, openStage, type Stage, type TensorsByName } from "./Stage.ts"
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

/** The parts of a layer: what comes before attention, attention, and what comes after it. */
export interface LayerCuts {
  readonly before: Cut
  readonly attention: Cut
  readonly after: Cut
  readonly window: number | undefined
}

const attentionCut = (model: TrunkModel, options: AttendOptions): Cut => {
  const { config } = model
  const contextLength = longestRow(model.contextLength)
  const op = new Ops("attention")
  const tokens = `${rowParts}*part`
  const heads = (name: string, count: number) =>
    op.input(name, "float32", [multiplyDims(["rows", tokens]), count * config.head_dim])
  const q = heads("q", config.num_attention_heads)
  const k = heads("k", config.num_key_value_heads)
  const v = heads("v", config.num_key_value_heads)
  const shared = (name: string) =>
    op.input(name, "float32", ["rows*prefix", config.num_key_value_heads * config.head_dim])
  const before = { k: shared("prefixK"), v: shared("prefixV") }
  // three axes, so that the length of a part can be read off
  const positions = op.Reshape(op.input("positions", "int64", ["rows", rowParts, "part"]), ["rows", tokens])
  const mask = op.input("mask", "float32", ["rows", 1, 1, tokens, addDims(["prefix", tokens])])
  const prefix = { ...before, positions: op.input("prefixPositions", "int64", ["rows", "prefix"]) }
  const cutting = { part: "part", parts: rowParts, prefix }
  const attend = packedAttention(op, config, { contextLength, positions, maskOf: () => mask, ...cutting })
  const attended = op.output(attend(0, q, k, v, options), "attended")
  const through = [q, k, v, before.k, before.v]
  return { name: "attention", graph: op.build(), of: [attended], through, weights: [], shared: [before.k, before.v] }
}

/** The part of a graph that some of its values depend on, with those as outputs. */
const towards = (graph: Graph, outputs: ReadonlyArray<Value>): Graph => {
  const nodes = liveNodes(
    graph.nodes,
    outputs.map(({ name }) => name)
  )
  const read = new Set(nodes.flatMap((node) => node.inputs))
  return { ...graph, nodes, outputs, inputs: graph.inputs.filter(({ name }) => read.has(name)) }
}

/** The graphs of layer `layer`, its weights named without their prefix, so that all layers of its kind can run them. */
export const layerCuts = (model: TrunkModel, layer: number): LayerCuts => {
  const { config, family, trained } = model
  const prefix = `${layerPrefix(layer)}.`
  const short = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name)
  const { op, weights, parameterOf, linear } = graphWithWeights("layer", { model, short })
  const x = op.input("x", "float32", ["rows*tokens", config.hidden_size])
  const attended = op.input("attended", "float32", ["rows*tokens", config.num_attention_heads * config.head_dim])
  const asked: Array<{ readonly operands: ReadonlyArray<Value>; readonly options: AttendOptions }> = []
  const attend: Attend = (_layer, q, k, v, options = {}) => {
    asked.push({ operands: [op.output(q, "q"), op.output(k, "k"), op.output(v, "v")], options })
    return attended
  }
  const y = op.output(family.layer(op, { config, parameterOf, linear, attend }, layer, x), "y")
  const [attention] = asked
  if (!attention || asked.length > 1) throw new RangeError(`Layer ${layer} attends ${asked.length} times, wanted once`)
  const whole = op.build()
  const name = `layer "${model.kindOf(layer)}"`
  const half = (part: string, of: ReadonlyArray<Value>, through: ReadonlyArray<Value>): Cut => {
    const graph = towards(whole, of)
    const own = new Set(graph.inputs.map((input) => input.name))
    const used = new Map([...weights].filter(([, value]) => own.has(value.name)))
    return { name: `${name}, ${part}`, graph, of, through, weights: trainedAmong(used, trained) }
  }
  return {
    before: { ...half("before attention", attention.operands, [x]), shared: [x] },
    attention: attentionCut(model, attention.options),
    after: half("after attention", [y], [x, attended]),
    window: attention.options.window
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

/** The sessions of one kind of layer. */
export interface LayerStages {
  readonly before: Stage
  readonly attention: Stage
  readonly after: Stage
  readonly window: number | undefined
}

/** The sessions of every kind of layer. Fails: RuntimeError. */
export const openLayers = Effect.fnUntraced(function* (model: TrunkModel) {
  const kinds = new Map<string, LayerStages>()
  for (let layer = 0; layer < model.config.num_hidden_layers; layer++) {
    const kind = model.kindOf(layer)
    if (kinds.has(kind)) continue
    const { after, attention, before, window } = layerCuts(model, layer)
    kinds.set(kind, {
      before: yield* openStage(before),
      attention: yield* openStage(attention),
      after: yield* openStage(after),
      window
    })
  }
  return kinds
})
