import { bytesPerElement, type Ops, type Value } from "../graph/mod.ts"
import type { Linear, ParameterOf } from "./Family.ts"
import { isHalf, type StoredWeight } from "./storedWeights.ts"

/** Outputs of one product: so few that no thread shares one, whatever the number of rows. */
const together = 16

/** Narrower layers would be shared out among threads where there are 64 of them, and then round in another order. */
const narrowest = 512

/** Whether a linear layer of so many outputs may be kept in half: a row's bits do not depend on the rows beside it. */
export const isWide = (outputs: number): boolean => outputs % together === 0 && outputs >= narrowest

/** What is widened at the same time, so that it is still in the caches when it is read. Units: elements. */
const widenedTogether = 2 ** 21

/** Rows of a matrix [outputs, inputs] that are widened together. */
const rowsAtOnce = (inputs: number): number => Math.max(Math.floor(widenedTogether / inputs / together), 1) * together

/** A range of a weight's rows as a constant of its own, mapped from the same file. */
const rowsOf = (op: Ops, name: string, weight: StoredWeight, range: { readonly from: number; readonly to: number }) => {
  const [, inputs = 1] = weight.shape
  const { location, offset, type } = weight
  const { from, to } = range
  const bytes = inputs * bytesPerElement[type]
  const external = { location, offset: offset + from * bytes, length: (to - from) * bytes }
  return op.initializer(`${name}[${from}:${to}]`, type, [to - from, inputs], { external })
}

/** The parts of a weight as float32, each [groups, together, inputs]. */
const widened = (op: Ops, name: string, weight: StoredWeight): ReadonlyArray<Value> => {
  const [outputs = 0, inputs = 1] = weight.shape
  const rows = rowsAtOnce(inputs)
  return Array.from({ length: Math.ceil(outputs / rows) }, (_, i) => {
    const range = { from: i * rows, to: Math.min((i + 1) * rows, outputs) }
    const part = op.Cast(rowsOf(op, name, weight, range), { to: "float32" })
    return op.Reshape(part, [(range.to - range.from) / together, together, inputs])
  })
}

/**
 * x·Wᵀ of half of an x.
 *
 * Domain   A product of one row that scales by 1 is computed in another order than one of several: this one scales by 2.
 * Shapes   half: [n, in]; groups: [out / together, together, in]; result [n, out].
 */
const productOf = (op: Ops, half: Value, groups: Value): Value => {
  const outputs = Number(groups.shape[0]) * together
  const y = op.FusedMatMul(half, groups, { transB: 1, alpha: 2 })
  return op.Reshape(op.Transpose(y, { perm: [1, 0, 2] }), [half.shape[0] ?? 1, outputs])
}

/**
 * Linear layers whose weights stay in half, in a file, and are widened at each run; as `otherwise` where they are not in half.
 *
 * Domain   Made before any x is: of two inputs, ONNX Runtime computes the one made last first, and would widen all weights at once.
 */
export const halfLinear = (
  op: Ops,
  options: {
    /** The matrices of linear layers, and perhaps others. */
    readonly weights: ReadonlyMap<string, StoredWeight>
    readonly parameterOf: ParameterOf
    readonly otherwise: Linear
  }
): Linear => {
  const { otherwise, parameterOf, weights } = options
  const inHalf = [...weights].filter(([, { shape, type }]) => shape.length === 2 && isHalf(type))
  const kept = new Map(inHalf.map(([name, weight]) => [name, widened(op, name, weight)]))
  const halves = new Map<Value, Value>()
  const halfOf = (x: Value): Value => {
    const half = halves.get(x) ?? op.Mul(x, op.scalar(0.5, x))
    halves.set(x, half)
    return half
  }
  return (x, name, { bias = false } = {}) => {
    const groups = kept.get(`${name}.weight`)
    if (groups === undefined) return otherwise(x, name, { bias })
    const parts = groups.map((each) => productOf(op, halfOf(x), each))
    const [first] = parts
    const y = first !== undefined && parts.length === 1 ? first : op.Concat(parts, { axis: 1 })
    return bias ? op.Add(y, parameterOf(`${name}.bias`)) : y
  }
}
