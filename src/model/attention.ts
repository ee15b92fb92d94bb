import type { Ops, Shape, Value } from "../graph/mod.ts"

/**
 * Scaled queries against keys, and the mean of the values by their softmax; differentiable.
 *
 * Source   Vaswani et al., arXiv:1706.03762: softmax(q·kᵀ)·v.
 * Shapes   q: [a, b, queries, head_dim]; k, v: [a, b, keys, head_dim]; result as q. The mask is added to the scores,
 *          [a, b, queries, keys], which are read as `spread` for it.
 */
export const attention = (
  op: Ops,
  operands: { readonly q: Value; readonly k: Value; readonly v: Value; readonly mask: Value },
  options: { readonly spread?: Shape; readonly softcap: number | undefined }
): Value => {
  const { q, k, v, mask } = operands
  const { softcap, spread } = options
  return op.composite(
    "Attention",
    [q, k, v],
    () => {
      const scores = op.MatMul(q, op.Transpose(k, { perm: [0, 1, 3, 2] }))
      const bent = softcap === undefined ? undefined : op.Tanh(op.Mul(scores, op.scalar(1 / softcap)))
      const capped = bent ? op.Mul(bent, op.scalar(softcap ?? 1)) : scores
      const masked = op.Add(spread ? op.Reshape(capped, spread) : capped, mask)
      const chance = op.Softmax(masked, { axis: -1 })
      const probability = spread ? op.Reshape(chance, scores.shape) : chance
      return { output: op.MatMul(probability, v), saved: bent ? [probability, bent] : [probability] }
    },
    (back, { inputs, output, saved, dy }) => {
      const [query, key, value] = inputs
      const [probability, bent] = saved
      if (!query || !key || !value || !probability) return []
      const transposed = (x: Value) => back.Transpose(x, { perm: [0, 1, 3, 2] })
      const dProbability = back.MatMul(dy, transposed(value))
      // Σ dP·P = Σ dO·O, on a tensor that is head_dim wide instead of tokens wide
      const drift = back.ReduceSum(back.Mul(dy, output), { axes: [-1], keepdims: 1 })
      const dCapped = back.Mul(probability, back.Sub(dProbability, drift))
      // d(c·tanh(s/c)) = (1 − tanh²)·ds
      const dScores = bent ? back.Mul(dCapped, back.Sub(back.scalar(1), back.Mul(bent, bent))) : dCapped
      return [
        back.MatMul(dScores, key),
        back.MatMul(transposed(dScores), query),
        back.MatMul(transposed(probability), dy)
      ]
    }
  )
}
