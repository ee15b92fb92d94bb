import { Ops, type Value } from "../../src/graph/mod.ts"

/**
 * A builder whose Softplus has float64: ONNX Runtime has a float32 kernel only on the CPU.
 *
 * The slope is Softplus's own rule, which the tests of `graph/` compare with differences.
 */
export class Float64Ops extends Ops {
  override Softplus(x: Value): Value {
    return this.composite(
      "Softplus",
      [x],
      () => {
        const tail = this.Log(this.Add(this.scalar(1, x), this.Exp(this.Neg(this.Abs(x)))))
        return { output: this.Add(this.Relu(x), tail), saved: [] }
      },
      (op, { dy }) => [op.Mul(dy, op.Sigmoid(x))]
    )
  }
}
