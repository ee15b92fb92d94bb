import type { Shape, Value } from "../Graph.ts"
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

const like = (op: Ops, x: Value, value: Value): Value =>
  value.type === x.type ? value : op.Cast(value, { to: x.type })

const lastAxis = (shape: Shape): ReadonlyArray<number> => [shape.length - 1]

/** Reverse rules of norms that ONNX Runtime keeps in the standard domain. */
export const normalization = {
  SimplifiedLayerNormalization: (op, call) => {
    if (call.dyOf(1)) throw call.refusal("a result that depends on the first output only")
    const r = like(op, call.x, call.output(1))
    return normGradients(op, { x: call.x, weight: call.input(1), r, dy: call.dy })
  }
} as const satisfies Record<keyof typeof shapes, GradientRow>

/** Reverse rules of norms and attention in the domain of ONNX Runtime. */
export const attentionMicrosoft = {
  SkipSimplifiedLayerNormalization: (op, call) => {
    const [x, weight, dSum] = [call.output(3), call.input(2), call.dyOf(3)]
    if (!call.dyOf(0)) return [dSum, dSum]
    const meanSquare = op.ReduceMean(op.Mul(x, x), { axes: lastAxis(x.shape), keepdims: 1 })
    const r = op.Reciprocal(op.Sqrt(op.Add(meanSquare, op.scalar(call.scale("epsilon", 0), x))))
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
