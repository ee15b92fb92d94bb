import { formatValue, isFloat } from "./ElementType.ts"
import { CallInvalid, graphError, type GraphError } from "./errors.ts"
import type { ElementType, Node, Shape, Value } from "./Graph.ts"

/** Type and shape of one output of a node. */
export interface Signature {
  readonly type: ElementType
  readonly shape: Shape
}

/** A node together with the values it reads, as the rules of both tables see it. */
export class Call {
  readonly node: Node
  readonly inputs: ReadonlyArray<Value | undefined>
  /** The shape that the caller, or the graph, says the first output has. */
  readonly declared: Shape | undefined
  private readonly contents: (name: string) => Shape | undefined

  constructor(options: {
    readonly node: Node
    readonly inputs: ReadonlyArray<Value | undefined>
    readonly declared: Shape | undefined
    readonly contents: (name: string) => Shape | undefined
  }) {
    this.node = options.node
    this.inputs = options.inputs
    this.declared = options.declared
    this.contents = options.contents
  }

  /** The error that refuses this call. */
  refusal(wanted: string): GraphError {
    const inputs = this.inputs.map((value) => (value ? formatValue(value) : "absent"))
    return graphError(new CallInvalid({ op: this.node.op, node: this.node.name, inputs, wanted }))
  }

  /** Input `i`. Fails: GraphError with CallInvalid when it is absent. */
  input(i: number): Value {
    const value = this.inputs[i]
    if (!value) throw this.refusal(`an input at position ${i}`)
    return value
  }

  /** Input `i`, which must be of a floating-point type. */
  float(i: number): Value {
    const value = this.input(i)
    if (!isFloat(value.type)) throw this.refusal(`a floating-point type at position ${i}`)
    return value
  }

  /** Input `i`, which must be of one of `types`. */
  typed(i: number, ...types: ReadonlyArray<ElementType>): Value {
    const value = this.input(i)
    if (!types.includes(value.type)) throw this.refusal(`${types.join(" or ")} at position ${i}`)
    return value
  }

  /** What the 1-D int64 input `i` holds, if that is known. */
  contentOf(i: number): Shape | undefined {
    const value = this.inputs[i]
    return value && this.contents(value.name)
  }

  /** What the 1-D int64 input `i` holds. Fails: GraphError with CallInvalid when it is not known as numbers. */
  numbersOf(i: number): ReadonlyArray<number> {
    const content = this.contentOf(i) ?? []
    const numbers = content.filter((dim) => typeof dim === "number")
    if (!this.contentOf(i) || numbers.length !== content.length) throw this.refusal(`constant numbers at position ${i}`)
    return numbers
  }

  /** The whole-number attribute `name`. */
  int(name: string, otherwise: number): number {
    const attribute = this.node.attributes[name]
    return attribute && "int" in attribute ? attribute.int : otherwise
  }

  /** The list attribute `name`; undefined where it is absent. */
  ints(name: string): ReadonlyArray<number> | undefined {
    const attribute = this.node.attributes[name]
    return attribute && "ints" in attribute ? attribute.ints : undefined
  }

  /** The floating-point attribute `name`. */
  scale(name: string, otherwise: number): number {
    const attribute = this.node.attributes[name]
    return attribute && "float" in attribute ? attribute.float : otherwise
  }

  /** The text attribute `name`. */
  text(name: string, otherwise: string): string {
    const attribute = this.node.attributes[name]
    return attribute && "string" in attribute ? attribute.string : otherwise
  }

  /** `axis` counted from the front. Fails: GraphError with CallInvalid outside −rank … rank − 1. */
  axisOf(axis: number, rank: number): number {
    if (!Number.isInteger(axis) || axis < -rank || axis >= rank) throw this.refusal(`axis ${axis} within ${rank} axes`)
    return axis < 0 ? axis + rank : axis
  }

  /** The axes that a reduction names in input 1, counted from the front and sorted; all of them when it names none. */
  reducedAxes(): ReadonlyArray<number> {
    const rank = this.input(0).shape.length
    const named = this.inputs[1] ? this.numbersOf(1) : []
    if (named.length === 0) return this.input(0).shape.map((_, i) => i)
    return named.map((axis) => this.axisOf(axis, rank)).toSorted((a, b) => a - b)
  }
}
