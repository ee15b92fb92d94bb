import type { Value } from "../Graph.ts"
import type { Ops } from "../Ops.ts"
import type { attentionMicrosoft as shapesMicrosoft, normalization as shapes } from "../shapes/attention.ts"
import type { GradientRow } from "./ReverseCall.ts"

/**
 * The gradients of x and weight of a root-mean-square norm.
 *
 * Source   n = x·r, r = 1/√(mean x² + ε), y = n·w:  dx = r·(dy·w − n·mean(dy·w·n)),  dw = dy·n.
 */
const normGradients = (
  op: Ops,
  { x, weight, r, dy }: { readonly x: Value; readonly weight: Value; readonly r: Value; readonly dy: Value }
): readonly [Value, Value] => {
  const normal = op.Mul(x, r)
  const dNormal = op.Mul(dy, weight)
  const axes = x.shape.map((_, i) => i).slice(-weight.shape.length)
  const drift = op.ReduceMean(op.Mul(dNormal, normal), { axes, keepdims: 1 })
  return [op.Mul(op.Sub(dNormal, op.Mul(normal, drift)), r), op.Mul(dy, normal)]
}

/** 1/√(mean x² + ε) over the last axes, as many as the weight has. */
const reciprocalRoot = (op: Ops, x: Value, rank: number, epsilon: number): Value => {
  const axes = x.shape.map((_, i) => i).slice(-rank)
  const meanSquare = op.ReduceMean(op.Mul(x, x), { axes, keepdims: 1 })
  return op.Reciprocal(op.Sqrt(op.Add(meanSquare, op.scalar(epsilon, x))))
}

/** Reverse rules of norms that ONNX Runtime keeps in the standard domain. */
export const normalization = {
  SimplifiedLayerNormalization: (op, call) => {
    if (call.dyOf(1)) throw call.refusal("a result that depends on the first output only")
    const [x, weight] = [call.x, call.input(1)]
    // the saved statistic is float32: enough for every type but float64
    const saved = () => (x.type === "float32" ? call.output(1) : op.Cast(call.output(1), { to: x.type }))
    const rank = weight.shape.length
    const r = x.type === "float64" ? reciprocalRoot(op, x, rank, call.scale("epsilon", 0)) : saved()
    return normGradients(op, { x, weight, r, dy: call.dy })
  }
} as const satisfies Record<keyof typeof shapes, GradientRow>

/** Reverse rules of norms and attention in the domain of ONNX Runtime. */
export const attentionMicrosoft = {
  SkipSimplifiedLayerNormalization: (op, call) => {
    const [x, weight, dSum] = [call.output(3), call.input(2), call.dyOf(3)]
    if (!call.dyOf(0)) return [dSum, dSum]
    const r = reciprocalRoot(op, x, 1, call.scale("epsilon", 0))
    const [dx, dWeight] = normGradients(op, { x, weight, r, dy: call.dy })
    const both = dSum ? op.Add(dx, dSum) : dx
    return [both, both, dWeight]
  },
  // a rotation's transpose turns back: the same angles with sin negated
  RotaryEmbedding: (op, call) => {
    const interleaved = call.int("interleaved", 0) === 1 ? 1 : 0
    return [op.RotaryEmbedding(call.dy, call.input(1), call.input(2), op.Neg(call.input(3)), { interleaved })]
  },
  GroupQueryAttention: "undifferentiable"
} as const satisfies Record<keyof typeof shapesMicrosoft, GradientRow>
