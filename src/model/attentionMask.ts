import { addDims, type Dim, type Ops, type Value } from "../graph/mod.ts"

/** Where the tokens of rows stand. Shapes: each int64 [rows, tokens]. */
export interface Places {
  readonly positions: Value
  readonly document: Value
  readonly branch: Value
}

/** Declares the inputs that say where the tokens of rows stand. */
export const placeInputs = (op: Ops): Places => ({
  positions: op.input("positions", "int64", ["rows", "tokens"]),
  document: op.input("document", "int64", ["rows", "tokens"]),
  branch: op.input("branch", "int64", ["rows", "tokens"])
})

/** Declares the inputs that say where the tokens stand that a row sees before its own. Shapes: each int64 [rows, prefix]. */
export const prefixInputs = (op: Ops): Places => ({
  positions: op.input("prefixPositions", "int64", ["rows", "prefix"]),
  document: op.input("prefixDocument", "int64", ["rows", "prefix"]),
  branch: op.input("prefixBranch", "int64", ["rows", "prefix"])
})

/**
 * 0 where a token sees another, else −1e9: earlier tokens of its own tree that are its own or shared, at most `window` back.
 *
 * Shapes   [rows, 1, 1, tokens, prefix + tokens], the seeing token first.
 * Units    window in tokens, the seeing one included.
 */
export const attentionMask = (
  op: Ops,
  places: Places,
  { prefix, window }: { readonly window: number | undefined; readonly prefix: Places }
): Value => {
  const whole = (n: number) => op.constant(BigInt64Array.of(BigInt(n)), [])
  const seeing = (kind: keyof Places) => op.Unsqueeze(places[kind], [2])
  const seen = (kind: keyof Places) => op.Unsqueeze(op.Concat([prefix[kind], places[kind]], { axis: 1 }), [1])
  const count = (dim: Dim) => op.Squeeze(op.dims([dim]), [0])
  const all = addDims(["prefix", "tokens"])
  const seenIndex = op.Range(whole(0), count(all), whole(1), all)
  const seeingIndex = op.Range(count("prefix"), count(all), whole(1), "tokens")
  const earlier = op.Not(op.Less(op.Unsqueeze(seeingIndex, [1]), op.Unsqueeze(seenIndex, [0])))
  const sameTree = op.Equal(seeing("document"), seen("document"))
  // a shared token has branch 0, so the product vanishes there and within one branch
  const branch = seen("branch")
  const sameBranch = op.Equal(op.Mul(branch, op.Sub(seeing("branch"), branch)), whole(0))
  const visible = op.And(op.And(sameTree, sameBranch), earlier)
  const near =
    window === undefined
      ? visible
      : op.And(visible, op.Less(op.Sub(seeing("positions"), seen("positions")), whole(window)))
  return op.Unsqueeze(op.Where(near, op.scalar(0), op.scalar(-1e9)), [1, 2])
}
