import { subtractDims, termsOf } from "../Dim.ts"
import { DimUnknown, graphError } from "../errors.ts"
import type { Dim, Shape, Value } from "../Graph.ts"
import type { Making } from "./Builder.ts"
import type { State } from "./State.ts"

/** Shapes as values of the graph; each dimension is read once. */
export class DimResolver {
  private readonly state: State
  private readonly make: (making: Making) => Value
  private readonly constant: (ns: ReadonlyArray<number>) => Value
  private readonly known = new Map<string, Value>()

  constructor(state: State, make: (making: Making) => Value, constant: (ns: ReadonlyArray<number>) => Value) {
    this.state = state
    this.make = make
    this.constant = constant
    for (const [name, content] of state.contents) {
      const value = state.values.get(name)
      if (value) this.known.set(content.join(), value)
    }
  }

  /** The 1-D int64 value that holds `shape`. Fails: GraphError with DimUnknown. */
  tensor(shape: Shape): Value {
    const numbers = shape.filter((dim) => typeof dim === "number")
    if (numbers.length === shape.length) return this.constant(numbers)
    return this.remember(shape, () => {
      const pieces = this.pieces(shape)
      const [only] = pieces
      return pieces.length === 1 && only
        ? only
        : this.make({ op: "Concat", inputs: pieces, attributes: { axis: { int: 0 } } })
    })
  }

  private remember(shape: Shape, make: () => Value): Value {
    const key = shape.join()
    const found = this.known.get(key)
    if (found) return found
    const value = make()
    this.state.contents.set(value.name, shape)
    this.known.set(key, value)
    return value
  }

  /** Neighbouring numbers share a constant. */
  private pieces(shape: Shape): ReadonlyArray<Value> {
    const pieces: Array<Value> = []
    let numbers: Array<number> = []
    const flush = () => {
      if (numbers.length > 0) pieces.push(this.constant(numbers))
      numbers = []
    }
    for (const dim of shape) {
      if (typeof dim === "number") {
        numbers.push(dim)
      } else {
        flush()
        pieces.push(this.symbolic(dim))
      }
    }
    flush()
    return pieces
  }

  private symbolic(dim: string): Value {
    return this.remember([dim], () => this.carried(dim) ?? this.computed(dim))
  }

  /** Read off the first axis of this size, an input's if there is one; or of this size but for a number. */
  private carried(dim: string): Value | undefined {
    const sources = [...this.state.inputs, ...this.state.values.values()]
    const exact = sources.find((value) => value.shape.includes(dim))
    if (exact) return this.sizeOf(exact, exact.shape.indexOf(dim))
    for (const value of sources) {
      const axis = value.shape.findIndex(
        (each) => typeof each === "string" && typeof subtractDims(dim, each) === "number"
      )
      if (axis < 0) continue
      const rest = Number(subtractDims(dim, value.shape[axis] ?? 0))
      return this.make({ op: "Add", inputs: [this.sizeOf(value, axis), this.constant([rest])] })
    }
    return undefined
  }

  private sizeOf(value: Value, axis: number): Value {
    return this.make({ op: "Shape", inputs: [value], attributes: { start: { int: axis }, end: { int: axis + 1 } } })
  }

  private computed(dim: string): Value {
    const terms = termsOf(dim)
    const [first] = terms
    if (terms.length === 1 && first?.coefficient === 1 && first.symbols.length === 1) throw this.unknown(dim)
    const values = terms.map(({ coefficient, symbols }) => {
      const factors = symbols.map((symbol) => this.symbolic(symbol))
      const all = coefficient === 1 && factors.length > 0 ? factors : [this.constant([coefficient]), ...factors]
      return all.reduce((a, b) => this.make({ op: "Mul", inputs: [a, b] }))
    })
    return values.reduce((a, b) => this.make({ op: "Add", inputs: [a, b] }))
  }

  private unknown(dim: string) {
    const known = new Set(
      [...this.state.values.values()].flatMap((value) => value.shape.filter((each: Dim) => typeof each === "string"))
    )
    return graphError(new DimUnknown({ dim, known: [...known] }))
  }
}
