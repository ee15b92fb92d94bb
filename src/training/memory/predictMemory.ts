import type { Value } from "../../graph/mod.ts"
import type { Keep, Sizes } from "../step/mod.ts"
import { Arena } from "./Arena.ts"
import { bytesOf, runInArena } from "./runInArena.ts"
import { graphsOf, type Halves, type StepGraphs } from "./stepGraphs.ts"

/** A block that a step is run on. Units: tokens, but for `rows`. */
export interface BlockSizes {
  readonly rows: number
  readonly tokens: number
  readonly selected: number
}

/** What a step leaves open: how many layers are kept, counted from the last one, and how many tokens' logits exist at once. */
export interface Choice {
  readonly kept: number
  readonly headChunk: number
}

const bytesPerFloat = 4

const sizesOf = ({ rows, tokens, selected }: BlockSizes): Sizes => ({ rows, tokens, selected })

const sum = (values: ReadonlyArray<Value>, sizes: Sizes): number =>
  values.reduce((total, value) => total + bytesOf(value, sizes), 0)

/** The first layer whose intermediates are kept. */
export const firstKept = (layers: number, { kept }: Choice): number => layers - kept

/** What the head keeps: nothing when several chunks are computed one after the other. */
const headKeep = (block: BlockSizes, { headChunk }: Choice): Keep =>
  block.selected <= headChunk ? "intermediates" : "inputs"

/** Units: bytes of what layers and head keep from the way there to the way back. */
export const keptBytes = (graphs: StepGraphs, block: BlockSizes, choice: Choice, layers: number) => {
  const first = firstKept(layers, choice)
  const saved = [...graphs.kinds.values()].map(
    (kind) => sum(kind.intermediates.saved, sizesOf(block)) * kind.layers.filter((layer) => layer >= first).length
  )
  const head = headKeep(block, choice) === "intermediates" ? sum(graphs.head.intermediates.saved, sizesOf(block)) : 0
  return { layers: saved.reduce((total, bytes) => total + bytes, 0), head }
}

/** Units: bytes of hidden states and their gradients that stand between stages. */
export const boundaryBytes = (
  block: BlockSizes,
  model: { readonly layers: number; readonly width: number }
): number => {
  const state = block.rows * block.tokens * model.width * bytesPerFloat
  // the input of each layer and the result of the last; gradients: of the head's input, and two that take turns
  return (model.layers + 1 + 3) * state + 2 * block.selected * model.width * bytesPerFloat
}

/** Units: bytes of the masks of attention. */
export const maskBytes = (graphs: StepGraphs, { rows, tokens }: BlockSizes): number =>
  graphs.masks.length * rows * tokens ** 2 * bytesPerFloat

/** Units: bytes that sessions take for what they compute and drop within one run. */
export const transientBytes = (graphs: StepGraphs, block: BlockSizes, choice: Choice, layers: number): number => {
  const arena = new Arena()
  const sizes = sizesOf(block)
  const chunk = { selected: Math.min(block.selected, choice.headChunk) }
  const keepsOf = (kind: { readonly layers: ReadonlyArray<number> }): ReadonlyArray<Keep> => {
    const first = firstKept(layers, choice)
    return [
      ...(kind.layers.some((layer) => layer >= first) ? ["intermediates" as const] : []),
      ...(kind.layers.some((layer) => layer < first) ? ["inputs" as const] : [])
    ]
  }
  const each = (run: (halves: Halves, keep: Keep) => void) => {
    for (const kind of graphs.kinds.values()) for (const keep of keepsOf(kind)) run(kind, keep)
  }
  const head = graphsOf(graphs.head, headKeep(block, choice))
  for (const mask of graphs.masks) runInArena(arena, mask, sizes)
  runInArena(arena, graphs.embed.forward, sizes)
  each((kind, keep) => runInArena(arena, graphsOf(kind, keep).forward, sizes))
  runInArena(arena, graphs.pick.forward, sizes)
  runInArena(arena, head.forward, chunk)
  runInArena(arena, head.backward, chunk)
  runInArena(arena, graphs.pick.backward, sizes)
  each((kind, keep) => runInArena(arena, graphsOf(kind, keep).backward, sizes))
  if (graphs.embed.backward) runInArena(arena, graphs.embed.backward, sizes)
  return arena.bytes
}
