import type { Ops, Value } from "../graph/mod.ts"

/** Where the tokens of a block stand. Shapes: each int64 [rows, tokens]. */
export interface Places {
  readonly positions: Value
  readonly document: Value
  readonly branch: Value
}

/** Declares the inputs that say where the tokens of a block stand. */
export const placeInputs = (op: Ops): Places => ({
  positions: op.input("positions", "int64", ["rows", "tokens"]),
  document: op.input("document", "int64", ["rows", "tokens"]),
  branch: op.input("branch", "int64", ["rows", "tokens"])
})

/**
 * 0 where a token sees another, else −1e9: earlier tokens of its own tree that are its own or shared, at most `window` back.
 *
 * Shapes   [rows, 1, 1, tokens, tokens], the seeing token first.
 * Units    window in tokens, the seeing one included.
 */
export const attentionMask = (op: Ops, places: Places, window?: number): Value => {
  const whole = (n: number) => op.constant(BigInt64Array.of(BigInt(n)), [])
  const seeing = (x: Value) => op.Unsqueeze(x, [2])
  const seen = (x: Value) => op.Unsqueeze(x, [1])
  const index = op.Range(whole(0), op.Squeeze(op.dims(["tokens"]), [0]), whole(1), "tokens")
  const { positions, document, branch } = places
  const earlier = op.Not(op.Less(op.Unsqueeze(index, [1]), op.Unsqueeze(index, [0])))
  const sameTree = op.Equal(seeing(document), seen(document))
  // a shared token has branch 0, so the product vanishes there and within one branch
  const sameBranch = op.Equal(op.Mul(seen(branch), op.Sub(seeing(branch), seen(branch))), whole(0))
  const visible = op.And(op.And(sameTree, sameBranch), earlier)
  const near =
    window === undefined ? visible : op.And(visible, op.Less(op.Sub(seeing(positions), seen(positions)), whole(window)))
  return op.Unsqueeze(op.Where(near, op.scalar(0), op.scalar(-1e9)), [1, 2])
}
