import { Effect } from "effect"
import { serialize } from "../../graph/mod.ts"
import { type Band, embedding, type Strip } from "../../model/mod.ts"
import { OnnxRuntime, type Session } from "../../runtime/mod.ts"
import { bandOf, placesOf, prefixOf } from "./bandPlaces.ts"
import { embedCut } from "./embedCut.ts"
import { lowestLayer } from "./lowestLayer.ts"
import { maskGraph } from "./maskGraph.ts"
import { type LayerStages, layerTensors, maskName, openLayers } from "./openLayers.ts"
import { addRows, readRows } from "./readRows.ts"
import { savedIn } from "./savedIn.ts"
import {
  accumulatorNames,
  gradientName,
  type Keep,
  openStage,
  runStage,
  sharedGradientName,
  type Sizes,
  type Stage,
  type TensorsByName
} from "./Stage.ts"
import { bandSizes, elementsOf, readSizes, stripSizes, widthsOf } from "./stripSizes.ts"
import type { TrunkModel } from "./TrunkModel.ts"
import type { Workspace } from "./Workspace.ts"

/** A strip, and the index of each token that something is read from. */
export interface ReadStrip extends Strip {
  readonly read: BigInt64Array<ArrayBuffer>
}

const openMask = Effect.fnUntraced(function* (window: number | undefined) {
  const runtime = yield* OnnxRuntime
  return yield* runtime.session({ name: maskName(window), model: serialize(maskGraph(window)), arena: "shared" })
})

/** One buffer on both sides of a run: what other stages have sent back to a value is added to in place. */
const addedTo = Effect.fnUntraced(function* (value: string, gradient: Float32Array, width: number) {
  const both = yield* Effect.flatMap(OnnxRuntime, (runtime) =>
    runtime.tensor(gradient, [gradient.length / width, width])
  )
  return [[sharedGradientName(value), both] as const, [gradientName(value), both] as const]
})

/** The numbers of the table of the embedding, or of its gradient. */
const tableOf = (tensors: TensorsByName, name: string): Float32Array => {
  const data = tensors.get(name)?.data
  if (data instanceof Float32Array) return data
  throw new RangeError(`"${name}" is not an array of float32`)
}

/**
 * Everything of a step below the head: masks, embedding and layers, forwards and backwards, one strip at a time.
 *
 * A layer is three stages. What looks at one token at a time runs over the whole strip; attention runs over one band of
 * rows after the other, so that no row is as long as the longest of the strip. In the last layer, what comes after
 * attention runs over the tokens that are read. The result of `forward`, and what `backward` reads, stand in the workspace
 * until the next strip.
 *
 * Shapes   `forward` gives [read, hidden_size], before the final norm; `backward` takes its gradient.
 * Fails    RuntimeError.
 */
export const makeTrunk = Effect.fnUntraced(function* (options: {
  readonly model: TrunkModel
  readonly workspace: Workspace
  /** What the backward pass of a layer reads; "inputs" computes the layer a second time. */
  readonly keepOf: (layer: number) => Keep
}) {
  const { model, workspace, keepOf } = options
  const { config } = model
  const count = config.num_hidden_layers
  const widths = widthsOf(model)
  const kinds = yield* openLayers(model)
  const cut = embedCut(model)
  const embed = yield* openStage(cut)
  const masks = new Map<number | undefined, Session>()
  for (const { window } of kinds.values()) if (!masks.has(window)) masks.set(window, yield* openMask(window))
  const lowest = lowestLayer(model, embed.backward !== undefined)

  const stagesOf = (layer: number): LayerStages => {
    const stages = kinds.get(model.kindOf(layer))
    if (!stages) throw new RangeError(`No stages were opened for layer ${layer}`)
    return stages
  }
  /** The last layer that is not kept: what it leaves in the room that such layers share is still there on the way back. */
  const resident = Array.from({ length: count }, (_, layer) => layer).findLast(
    (layer) => layer >= lowest && keepOf(layer) === "inputs"
  )
  /** The gradient of a layer's input. */
  const gradientBuffer = (strip: Strip, layer: number) => workspace.take(`dx.${layer % 2}`, strip.size * widths.x)
  /** Where what a layer computed stands: its own room, or one that all such layers share. */
  const roomOf = (layer: number, keep: boolean) =>
    keep && layer >= lowest && keepOf(layer) === "intermediates" ? String(layer) : "any"
  const take = (room: string, name: keyof typeof widths, strip: Strip) =>
    workspace.take(`${room}.${name}`, strip.size * widths[name])
  /** The input of a layer; when no backward pass follows, two buffers take turns. */
  const boundary = (strip: Strip, layer: number, keep: boolean) => take(`in ${keep ? layer : layer % 2}`, "x", strip)
  const savedOf = savedIn(workspace)
  const last = count - 1
  /** A buffer for the tokens that are read. */
  const takeRead = (name: "x" | "attended" | "y" | "dx" | "dAttended" | "dy", { read }: ReadStrip, width: number) =>
    workspace.take(`read.${name}`, elementsOf(["tokens", width], readSizes(read.length)))
  /** What comes after attention looks at: every token, or in the last layer those that are read. */
  const afterInputs = (
    strip: ReadStrip,
    layer: number,
    { x, attended }: { readonly [_ in "x" | "attended"]: Float32Array }
  ) => {
    if (layer < last) return { sizes: stripSizes(strip), arrays: { x, attended } }
    const rows = (name: "x" | "attended", from: Float32Array) =>
      readRows(from, { at: strip.read, width: widths[name] }, takeRead(name, strip, widths[name]))
    return { sizes: readSizes(strip.read.length), arrays: { x: rows("x", x), attended: rows("attended", attended) } }
  }
  const maskOf = (window: number | undefined, band: Band, i: number) =>
    workspace.take(`${maskName(window)}.${i}`, band.rows * band.tokens * (band.prefix.tokens + band.tokens))
  const none: TensorsByName = new Map()

  const drawMasks = Effect.fnUntraced(function* (strip: Strip) {
    for (const [window, session] of masks) {
      for (const [i, band] of strip.bands.entries()) {
        const outputs = { mask: maskOf(window, band, i) }
        yield* runStage(session, { sizes: bandSizes(band), tensors: none, arrays: placesOf(strip, band), outputs })
      }
    }
  })

  /** What the attention of a band reads and writes besides its gradients. */
  const bandArrays = (strip: Strip, room: string, window: number | undefined, band: Band, i: number) => ({
    q: bandOf(take(room, "q", strip), band, widths.q),
    k: bandOf(take(room, "k", strip), band, widths.k),
    v: bandOf(take(room, "v", strip), band, widths.v),
    prefixK: bandOf(take(room, "k", strip), prefixOf(band), widths.k),
    prefixV: bandOf(take(room, "v", strip), prefixOf(band), widths.v),
    positions: placesOf(strip, band).positions,
    prefixPositions: placesOf(strip, band).prefixPositions,
    mask: maskOf(window, band, i)
  })

  /** One layer from its input to its output. With `saving`, what its backward pass reads is kept in the room. */
  const runLayer = Effect.fnUntraced(function* (
    strip: ReadStrip,
    tensors: TensorsByName,
    layer: number,
    given: { readonly x: Float32Array; readonly y: Float32Array; readonly room: string; readonly saving: boolean }
  ) {
    const { x, y, room, saving } = given
    const { before, attention, after, window } = stagesOf(layer)
    const sizes = stripSizes(strip)
    const own = layerTensors(tensors, layer)
    const kept = (stage: Stage, part: string, at: Sizes) => (saving ? savedOf(stage, `${room}.${part}`, at) : {})
    const heads = { q: take(room, "q", strip), k: take(room, "k", strip), v: take(room, "v", strip) }
    const attended = take(room, "attended", strip)
    const way = saving ? ("saving" as const) : ("forward" as const)
    yield* runStage(before[way], {
      sizes,
      tensors: own,
      arrays: { x },
      outputs: { ...kept(before, "before", sizes), ...heads }
    })
    for (const [i, band] of strip.bands.entries()) {
      yield* runStage(attention[way], {
        sizes: bandSizes(band),
        tensors: none,
        arrays: bandArrays(strip, room, window, band, i),
        outputs: {
          ...kept(attention, `attention.${i}`, bandSizes(band)),
          attended: bandOf(attended, band, widths.attended)
        }
      })
    }
    const inputs = afterInputs(strip, layer, { x, attended })
    yield* runStage(after[way], { ...inputs, tensors: own, outputs: { ...kept(after, "after", inputs.sizes), y } })
  })

  const forward = Effect.fnUntraced(function* (strip: ReadStrip, tensors: TensorsByName, keep: boolean) {
    yield* drawMasks(strip)
    let x = boundary(strip, 0, keep)
    // the input of the next layer is not yet there
    const rows = readRows(tableOf(tensors, embedding), { at: strip.ids, width: widths.x }, boundary(strip, 1, keep))
    yield* runStage(embed.forward, { sizes: stripSizes(strip), tensors, arrays: { rows }, outputs: { y: x } })
    for (let layer = 0; layer < count; layer++) {
      const y = layer < last ? boundary(strip, layer + 1, keep) : takeRead("y", strip, widths.x)
      const room = roomOf(layer, keep)
      yield* runLayer(strip, tensors, layer, { x, y, room, saving: keep && (room !== "any" || layer === resident) })
      x = y
    }
    return x.subarray(0, strip.read.length * widths.x)
  })

  /** Sends the gradient of a layer's output back to its input. */
  const reverseLayer = Effect.fnUntraced(function* (
    strip: ReadStrip,
    tensors: TensorsByName,
    layer: number,
    given: { readonly x: Float32Array; readonly dy: Float32Array; readonly dx: Float32Array; readonly room: string }
  ) {
    const { x, dy, dx, room } = given
    const { before, attention, after, window } = stagesOf(layer)
    if (!before.backward || !attention.backward || !after.backward) {
      throw new RangeError(`No backward half was opened for layer ${layer}`)
    }
    const sizes = stripSizes(strip)
    const own = layerTensors(tensors, layer)
    const saved = (stage: Stage, part: string, at: Sizes) => savedOf(stage, `${room}.${part}`, at)
    const back = {
      q: take("back", "q", strip),
      k: take("back", "k", strip),
      v: take("back", "v", strip),
      attended: take("back", "attended", strip)
    }
    const inputs = afterInputs(strip, layer, { x, attended: take(room, "attended", strip) })
    const sent =
      layer < last
        ? { x: dx, attended: back.attended }
        : { x: takeRead("dx", strip, widths.x), attended: takeRead("dAttended", strip, widths.attended) }
    yield* runStage(after.backward, {
      sizes: inputs.sizes,
      tensors: own,
      arrays: { ...saved(after, "after", inputs.sizes), ...inputs.arrays, [gradientName("y")]: dy },
      outputs: { [gradientName("x")]: sent.x, [gradientName("attended")]: sent.attended }
    })
    if (layer === last) {
      addRows(sent.x, { at: strip.read, width: widths.x }, dx.fill(0))
      addRows(sent.attended, { at: strip.read, width: widths.attended }, back.attended.fill(0))
    }
    for (const [i, band] of strip.bands.entries()) {
      yield* runStage(attention.backward, {
        sizes: bandSizes(band),
        tensors: new Map([
          ...(yield* addedTo("prefixK", bandOf(back.k, prefixOf(band), widths.k), widths.k)),
          ...(yield* addedTo("prefixV", bandOf(back.v, prefixOf(band), widths.v), widths.v))
        ]),
        arrays: {
          ...bandArrays(strip, room, window, band, i),
          ...saved(attention, `attention.${i}`, bandSizes(band)),
          attended: bandOf(take(room, "attended", strip), band, widths.attended),
          [gradientName("attended")]: bandOf(back.attended, band, widths.attended)
        },
        outputs: {
          [gradientName("q")]: bandOf(back.q, band, widths.q),
          [gradientName("k")]: bandOf(back.k, band, widths.k),
          [gradientName("v")]: bandOf(back.v, band, widths.v)
        }
      })
    }
    const through = Object.fromEntries((["q", "k", "v"] as const).map((name) => [gradientName(name), back[name]]))
    yield* runStage(before.backward, {
      sizes,
      tensors: new Map([...own, ...(yield* addedTo("x", dx, widths.x))]),
      arrays: { ...saved(before, "before", sizes), x, ...through },
      outputs: {}
    })
  }, Effect.scoped)

  const backward = Effect.fnUntraced(function* (strip: ReadStrip, tensors: TensorsByName, gradient: Float32Array) {
    let dy = takeRead("dy", strip, widths.x).fill(0, gradient.length)
    dy.set(gradient)
    for (let layer = last; layer >= lowest; layer--) {
      const x = boundary(strip, layer, true)
      const room = roomOf(layer, true)
      if (room === "any" && layer !== resident) {
        const y = workspace.take("y again", strip.size * widths.x)
        yield* runLayer(strip, tensors, layer, { x, y, room, saving: true })
      }
      const dx = gradientBuffer(strip, layer)
      yield* reverseLayer(strip, tensors, layer, { x, dy, dx, room })
      dy = dx
    }
    if (!embed.backward) return
    const rows = gradientBuffer(strip, 1)
    const arrays = { [gradientName("y")]: dy }
    const outputs = { [gradientName("rows")]: rows }
    yield* runStage(embed.backward, { sizes: stripSizes(strip), tensors, arrays, outputs })
    const table = tableOf(tensors, accumulatorNames(embedding).output)
    addRows(rows, { at: strip.ids, width: widths.x }, table)
  })

  /** The first layer whose output holds a number that is none. */
  const firstBroken = Effect.fnUntraced(function* (strip: ReadStrip, tensors: TensorsByName) {
    const y = yield* forward(strip, tensors, true)
    const states = [...Array.from({ length: count }, (_, layer) => boundary(strip, layer, true)), y]
    const broken = states.findIndex((state) => !state.every(Number.isFinite))
    if (broken < 0) return undefined
    return broken === 0 ? "the embedding" : `layer ${broken - 1}`
  })
  return { forward, backward, firstBroken }
})
