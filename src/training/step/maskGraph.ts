import { type Graph, Ops } from "../../graph/mod.ts"
import { attentionMask, placeInputs, prefixInputs } from "../../model/mod.ts"

/** What a window lets each token see. Shapes: mask [rows, 1, 1, tokens, prefix + tokens]. */
export const maskGraph = (window: number | undefined): Graph => {
  const op = new Ops("mask")
  op.output(attentionMask(op, placeInputs(op), { window, prefix: prefixInputs(op) }), "mask")
  return op.build()
}
