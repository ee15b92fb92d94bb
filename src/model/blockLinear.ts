import type { Ops, Value } from "../graph/mod.ts"
import type { Linear, ParameterOf } from "./Family.ts"
import { plainLinear } from "./linear.ts"
import { blockSize } from "./quantizeBlocks.ts"

/** The names of the two halves of a weight that is kept in blocks. */
export const blockNames = (weight: string) => ({ quantized: `${weight}.quantized`, scales: `${weight}.scales` })

/**
 * Rounds blocks of the input to eight bits as well: of MatMulNBits, this alone gives a row the same bits whatever the number of
 * rows beside it; computed in float32, a single row is added up in another order than several.
 */
const accuracyLevel = 4

/**
 * x·Wᵀ, W kept in blocks.
 *
 * Shapes   x: [n, in]; quantized and scales as `quantizeBlocks` has them; result [n, out].
 */
export const blockProduct = (
  op: Ops,
  x: Value,
  weight: { readonly quantized: Value; readonly scales: Value }
): Value => {
  const K = x.shape.at(-1)
  const [N, , bytes] = weight.quantized.shape
  if (typeof K !== "number" || typeof N !== "number" || typeof bytes !== "number")
    throw new RangeError("Blocks want an input and a weight of known width")
  const bits = (bytes * 8) / blockSize === 4 ? 4 : 8
  const options = { K, N, bits, block_size: blockSize, accuracy_level: accuracyLevel } as const
  return op.MatMulNBits(x, weight.quantized, weight.scales, options)
}

/** Linear layers whose weights are kept in blocks where `isKept` says so, and as they are where not. */
export const blockLinear = (op: Ops, parameterOf: ParameterOf, isKept: (name: string) => boolean): Linear => {
  const plain = plainLinear(op, parameterOf)
  return (x, name, options = {}) => {
    const { quantized, scales } = blockNames(`${name}.weight`)
    if (!isKept(quantized)) return plain(x, name, options)
    const y = blockProduct(op, x, { quantized: parameterOf(quantized), scales: parameterOf(scales) })
    return options.bias ? op.Add(y, parameterOf(`${name}.bias`)) : y
  }
}
