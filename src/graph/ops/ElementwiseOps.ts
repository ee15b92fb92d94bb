import { onnxType } from "../ElementType.ts"
import type { ElementType, Value } from "../Graph.ts"
import { Builder } from "./Builder.ts"

/** Operators that work element by element; operands are repeated where one axis is 1. */
export class ElementwiseOps extends Builder {
  Add(a: Value, b: Value): Value {
    return this.one({ op: "Add", inputs: [a, b] })
  }
  Sub(a: Value, b: Value): Value {
    return this.one({ op: "Sub", inputs: [a, b] })
  }
  Mul(a: Value, b: Value): Value {
    return this.one({ op: "Mul", inputs: [a, b] })
  }
  Div(a: Value, b: Value): Value {
    return this.one({ op: "Div", inputs: [a, b] })
  }
  Pow(a: Value, b: Value): Value {
    return this.one({ op: "Pow", inputs: [a, b] })
  }
  Min(a: Value, b: Value): Value {
    return this.one({ op: "Min", inputs: [a, b] })
  }
  Max(a: Value, b: Value): Value {
    return this.one({ op: "Max", inputs: [a, b] })
  }
  Neg(x: Value): Value {
    return this.one({ op: "Neg", inputs: [x] })
  }
  Abs(x: Value): Value {
    return this.one({ op: "Abs", inputs: [x] })
  }
  Sign(x: Value): Value {
    return this.one({ op: "Sign", inputs: [x] })
  }
  Exp(x: Value): Value {
    return this.one({ op: "Exp", inputs: [x] })
  }
  Sqrt(x: Value): Value {
    return this.one({ op: "Sqrt", inputs: [x] })
  }
  Reciprocal(x: Value): Value {
    return this.one({ op: "Reciprocal", inputs: [x] })
  }
  Sigmoid(x: Value): Value {
    return this.one({ op: "Sigmoid", inputs: [x] })
  }
  Tanh(x: Value): Value {
    return this.one({ op: "Tanh", inputs: [x] })
  }
  Erf(x: Value): Value {
    return this.one({ op: "Erf", inputs: [x] })
  }
  Relu(x: Value): Value {
    return this.one({ op: "Relu", inputs: [x] })
  }
  Cos(x: Value): Value {
    return this.one({ op: "Cos", inputs: [x] })
  }
  Sin(x: Value): Value {
    return this.one({ op: "Sin", inputs: [x] })
  }
  Identity(x: Value): Value {
    return this.one({ op: "Identity", inputs: [x] })
  }
  Equal(a: Value, b: Value): Value {
    return this.one({ op: "Equal", inputs: [a, b] })
  }
  Less(a: Value, b: Value): Value {
    return this.one({ op: "Less", inputs: [a, b] })
  }
  LessOrEqual(a: Value, b: Value): Value {
    return this.one({ op: "LessOrEqual", inputs: [a, b] })
  }
  Greater(a: Value, b: Value): Value {
    return this.one({ op: "Greater", inputs: [a, b] })
  }
  And(a: Value, b: Value): Value {
    return this.one({ op: "And", inputs: [a, b] })
  }
  Not(x: Value): Value {
    return this.one({ op: "Not", inputs: [x] })
  }

  /** `a` where the condition holds, else `b`. */
  Where(condition: Value, a: Value, b: Value): Value {
    return this.one({ op: "Where", inputs: [condition, a, b] })
  }

  /** `x` held between two scalars, either of which may be absent. */
  Clip(x: Value, min?: Value, max?: Value): Value {
    return this.one({ op: "Clip", inputs: max ? [x, min, max] : [x, min] })
  }

  Cast(x: Value, options: { readonly to: ElementType }): Value {
    return this.one({ op: "Cast", inputs: [x], attributes: { to: { int: onnxType[options.to] } } })
  }
}
