import type { Value } from "../../graph/mod.ts"
import type { Strip } from "../../model/mod.ts"
import { bandSizes, elementsOf, readSizes, type Sizes, stripSizes, type TrunkModel, widthsOf } from "../step/mod.ts"
import { Arena } from "./Arena.ts"
import { headBytes } from "./headBytes.ts"
import { bytesOf, runInArena } from "./runInArena.ts"
import type { Halves, StepGraphs } from "./stepGraphs.ts"

/** A strip that a step is run on, and how many tokens are read off it. */
export interface StripSizes extends Pick<Strip, "size" | "bands"> {
  readonly selected: number
}

/** What a step leaves open: how many layers are kept, counted from the last one, and how many tokens' logits exist at once. */
export interface Choice {
  readonly kept: number
  readonly headChunk: number
  /** Tokens whose log π over the vocabulary is kept. */
  readonly headKept: number
}

type Layer = Pick<
  StepGraphs["kinds"] extends ReadonlyMap<string, infer L> ? L : never,
  "before" | "attention" | "after"
>

const bytesPerFloat = 4

const sum = (values: ReadonlyArray<Value>, sizes: Sizes): number =>
  values.reduce((total, value) => total + bytesOf(value, sizes), 0)

/** The first layer whose intermediates are kept. */
export const firstKept = (layers: number, { kept }: Choice): number => layers - kept

const chunkOf = ({ selected }: StripSizes, { headChunk }: Pick<Choice, "headChunk">): Sizes => ({
  selected: Math.min(selected, headChunk)
})

/** The sizes at which what comes after attention is run: the last layer looks at the tokens that are read, the others at all. */
const afterSizes = ({ config }: Pick<TrunkModel, "config">, layer: number, strip: StripSizes): Sizes =>
  layer < config.num_hidden_layers - 1 ? stripSizes(strip) : readSizes(strip.selected)

/** Units: bytes of queries, keys, values and what attention gives, of one layer. */
const headsBytes = (model: Pick<TrunkModel, "config">, { size }: StripSizes): number => {
  const { q, k, v, attended } = widthsOf(model)
  return (q + k + v + attended) * size * bytesPerFloat
}

/** Units: bytes of what one layer of a kind keeps for its way back. */
const layerBytes = (model: Pick<TrunkModel, "config">, kind: Layer, layer: number, strip: StripSizes): number =>
  headsBytes(model, strip) +
  sum(kind.before.saved, stripSizes(strip)) +
  sum(kind.after.saved, afterSizes(model, layer, strip)) +
  strip.bands.reduce((total, band) => total + sum(kind.attention.saved, bandSizes(band)), 0)

/** Units: bytes of what layers and head keep from the way there to the way back; layers that are not kept share one room. */
export const keptBytes = (
  model: Pick<TrunkModel, "config">,
  graphs: StepGraphs,
  options: { readonly strip: StripSizes; readonly choice: Choice; readonly lowest: number }
) => {
  const { strip, choice, lowest } = options
  const first = firstKept(model.config.num_hidden_layers, choice)
  const layers = [...graphs.kinds.values()].flatMap((kind) =>
    kind.layers.map((layer) => ({ layer, bytes: layerBytes(model, kind, layer, strip) }))
  )
  const own = layers.filter(({ layer }) => layer >= first)
  const shared = layers.filter(({ layer }) => layer >= lowest && layer < first).map(({ bytes }) => bytes)
  const passed = lowest > 0 ? [headsBytes(model, strip)] : []
  // the last of those that share a room is not computed again
  const second = shared.length > 1 ? strip.size * model.config.hidden_size * bytesPerFloat : 0
  return {
    layers: own.reduce((total, { bytes }) => total + bytes, 0) + Math.max(0, ...shared, ...passed) + second,
    head: headBytes(graphs.head.saved, strip, choice)
  }
}

/** Units: bytes of what the last layer reads and gives after attention, which its gradients take once more. */
const readBytes = (model: Pick<TrunkModel, "config">, { selected }: StripSizes): number => {
  const { x, attended } = widthsOf(model)
  return elementsOf(["tokens", 2 * x + attended], readSizes(selected)) * bytesPerFloat
}

/** Units: bytes of hidden states and of gradients that stand between stages. */
export const boundaryBytes = (
  model: Pick<TrunkModel, "config">,
  { strip, learning }: { readonly strip: StripSizes; readonly learning: number }
): number => {
  const { hidden_size, num_hidden_layers } = model.config
  // the input of each layer, and gradients, two that take turns
  const states = num_hidden_layers + Math.min(2, learning)
  const heads = learning > 0 ? headsBytes(model, strip) : 0
  const gradient = strip.selected * hidden_size * bytesPerFloat
  return (
    states * strip.size * hidden_size * bytesPerFloat +
    heads +
    gradient +
    (learning > 0 ? 2 : 1) * readBytes(model, strip)
  )
}

/** Units: bytes of a pass that only goes forwards, masks apart: hidden states, heads, what the head reads, and transients. */
export const forwardBytes = (
  model: Pick<TrunkModel, "config">,
  graphs: StepGraphs,
  strip: StripSizes,
  { headChunk }: Pick<Choice, "headChunk">
): number => {
  const { hidden_size } = model.config
  const states = 2 * strip.size * hidden_size * bytesPerFloat
  const read = readBytes(model, strip)
  return states + read + headsBytes(model, strip) + forwardTransients(graphs, strip, headChunk)
}

/** Units: bytes of the masks of attention. */
export const maskBytes = (graphs: StepGraphs, { bands }: StripSizes): number =>
  graphs.masks.length *
  bands.reduce((total, { prefix, rows, tokens }) => total + rows * tokens * (prefix.tokens + tokens), 0) *
  bytesPerFloat

/** Units: bytes that sessions take for what they compute and drop when nothing is kept for a way back. */
const forwardTransients = (graphs: StepGraphs, strip: StripSizes, headChunk: number): number => {
  const arena = new Arena()
  const sizes = stripSizes(strip)
  runInArena(arena, graphs.embed.forward, sizes)
  for (const { after, attention, before } of graphs.kinds.values()) {
    runInArena(arena, before.forward, sizes)
    for (const band of strip.bands) runInArena(arena, attention.forward, bandSizes(band))
    runInArena(arena, after.forward, sizes)
  }
  runInArena(arena, graphs.head.forward, chunkOf(strip, { headChunk }))
  return arena.bytes
}

/** Units: bytes that sessions take for what they compute and drop within one run. */
export const transientBytes = (graphs: StepGraphs, strip: StripSizes, choice: Choice, layers: number): number => {
  const arena = new Arena()
  const first = firstKept(layers, choice)
  const run = ({ graph, sizes }: { readonly graph: Halves["backward"]; readonly sizes: Sizes }) => {
    if (graph) runInArena(arena, graph, sizes)
  }
  const through = (way: "forward" | "saving" | "backward", wanted: (layer: number) => boolean) => {
    for (const { before, attention, after, layers: own } of graphs.kinds.values()) {
      if (!own.some(wanted)) continue
      const sizes = stripSizes(strip)
      const [start, end] = way === "backward" ? [after, before] : [before, after]
      run({ graph: start[way], sizes })
      for (const band of strip.bands) run({ graph: attention[way], sizes: bandSizes(band) })
      run({ graph: end[way], sizes })
    }
  }
  const chunk = chunkOf(strip, choice)
  for (const mask of graphs.masks) for (const band of strip.bands) runInArena(arena, mask, bandSizes(band))
  run({ graph: graphs.embed.forward, sizes: stripSizes(strip) })
  through("forward", (layer) => layer < first)
  through("saving", (layer) => layer >= first)
  run({ graph: graphs.head.saving, sizes: chunk })
  run({ graph: graphs.head.backward, sizes: chunk })
  through("saving", (layer) => layer < first)
  through("backward", () => true)
  run({ graph: graphs.embed.backward, sizes: stripSizes(strip) })
  return arena.bytes
}
