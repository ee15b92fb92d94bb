/**
 * ONNX graphs as immutable data, with reverse-mode differentiation.
 *
 * ```ts
 * const op = new Ops("square")
 * const x = op.input("x", "float32", ["n"])
 * const loss = op.output(op.ReduceSum(op.Mul(x, x), { keepdims: 0 }), "loss")
 * const { graph, gradients } = differentiate(op.build(), { of: loss, withRespectTo: [x] })
 * ```
 */
export { accumulate } from "./accumulate.ts"
export type { Composite, CompositeReverse } from "./Composite.ts"
export { differentiate, sendBack } from "./differentiate.ts"
export { addDims, canonicalDim, multiplyDims, resolveShape, subtractDims } from "./Dim.ts"
export { bytesOf, bytesPerElement, elementTypes, onnxType, type TypedArray } from "./ElementType.ts"
export { GraphError } from "./errors.ts"
export { gradients } from "./gradients.ts"
export type { Attribute, Data, Dim, ElementType, Graph, Initializer, Node, Shape, Value } from "./Graph.ts"
export { liveNodes } from "./liveNodes.ts"
export { onnxMessages } from "./onnxMessages.ts"
export { Ops } from "./Ops.ts"
export { type Pullback, pullback } from "./pullback.ts"
export { type LateInitializer, serialize, serializeWithLate } from "./serialize.ts"
export { verify } from "./verify.ts"
export { type Alias, verifyAliases } from "./verifyAliases.ts"
