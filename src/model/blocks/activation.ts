import type { Ops, Value } from "../../graph/mod.ts"

/** A function of each element that lets some of them through. */
export type Activation = (op: Ops, x: Value) => Value

/** x·σ(x). Source: Elfwing et al., arXiv:1702.03118. */
export const silu: Activation = (op, x) =>
  op.composite(
    "Silu",
    [x],
    () => {
      const open = op.Sigmoid(x)
      return { output: op.Mul(x, open), saved: [open] }
    },
    (back, { inputs: [input = x], saved: [open], dy }) => {
      if (!open) return []
      // d(x·σ) = σ + x·σ·(1 − σ); of x, and not of the output, because x is all that then needs to be kept
      const turn = back.Mul(back.Mul(input, open), back.Sub(back.scalar(1, open), open))
      return [back.Mul(dy, back.Add(open, turn))]
    }
  )

const slope = 2 * Math.sqrt(2 / Math.PI)
const bend = 0.044715

/**
 * x·Φ(x) with Φ by a tanh, as "gelu_pytorch_tanh" names it.
 *
 * Source   Hendrycks and Gimpel, arXiv:1606.08415: ½·x·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³); ½·(1 + tanh u) = σ(2u).
 */
export const geluTanh: Activation = (op, x) =>
  op.composite(
    "GeluTanh",
    [x],
    () => {
      const curve = op.Add(op.Mul(op.Mul(x, x), op.scalar(slope * bend, x)), op.scalar(slope, x))
      const open = op.Sigmoid(op.Mul(x, curve))
      return { output: op.Mul(x, open), saved: [open] }
    },
    (back, { inputs, output, saved, dy }) => {
      const [input] = inputs
      const [open] = saved
      if (!input || !open) return []
      // d(x·σ(2u)) = σ + x·σ·(1 − σ)·d(2u),  d(2u) = slope·(1 + 3·0.044715·x²)
      const rise = back.Add(
        back.Mul(back.Mul(input, input), back.scalar(3 * slope * bend, input)),
        back.scalar(slope, input)
      )
      const turn = back.Mul(back.Mul(output, back.Sub(back.scalar(1, input), open)), rise)
      return [back.Mul(dy, back.Add(open, turn))]
    }
  )
