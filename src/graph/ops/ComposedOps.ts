import type { Value } from "../Graph.ts"
import { IndexingOps } from "./IndexingOps.ts"

/**
 * Operators of ONNX that are built from others, with a reverse rule of their own.
 *
 * The CPU kernels of ONNX for Log and Softplus round the last elements of a thread's share by another formula than the
 * rest, so that their last bit depends on the number of threads (from about 13 000 elements on). ReduceLogSum takes one
 * logarithm at a time.
 */
export class ComposedOps extends IndexingOps {
  /** ln x, as ReduceLogSum over an axis of size 1. Domain: x ≥ 0; −∞ at 0. */
  Log(x: Value): Value {
    return this.composite(
      "Log",
      [x],
      () => ({ output: this.logarithm(x), saved: [] }),
      (op, { inputs: [from = x], dy }) => [op.Div(dy, from)]
    )
  }

  /**
   * ln(1 + eˣ) = max(x, 0) + ln(1 + e), e = exp(−|x|); finite for every finite x, and exact to a few units in the last place.
   *
   * Source   Kahan: with u = 1 + e as rounded, ln(1 + e) = e·ln u / (u − 1), and e itself where u is 1.
   */
  Softplus(x: Value): Value {
    return this.composite(
      "Softplus",
      [x],
      () => ({ output: this.softplus(x), saved: [] }),
      (op, { inputs: [from = x], dy }) => [op.Mul(dy, op.Sigmoid(from))]
    )
  }

  private logarithm(x: Value): Value {
    const axis = x.shape.length
    return this.ReduceLogSum(this.Unsqueeze(x, [axis]), { axes: [axis], keepdims: 0 })
  }

  private softplus(x: Value): Value {
    const one = this.scalar(1, x)
    const e = this.Exp(this.Neg(this.Abs(x)))
    const u = this.Add(one, e)
    const rise = this.Sub(u, one)
    const lost = this.Equal(rise, this.scalar(0, x))
    const slope = this.Div(this.logarithm(u), this.Where(lost, one, rise))
    return this.Add(this.Relu(x), this.Mul(e, this.Where(lost, one, slope)))
  }
}
