import { Call } from "../Call.ts"
import type { CompositeReverse } from "../Composite.ts"
import { canonicalShape } from "../Dim.ts"
import { bytesOf, bytesPerElement, elementTypeOf, formatValue, type TypedArray } from "../ElementType.ts"
import { CallInvalid, graphError, NameTaken, SizeMismatch } from "../errors.ts"
import type { Attribute, Data, Dim, ElementType, Graph, Shape, Value } from "../Graph.ts"
import { domainOf, inferShapes, type OpName } from "../shapes.ts"
import { ConstantPool } from "./ConstantPool.ts"
import { DimResolver } from "./DimResolver.ts"
import { State } from "./State.ts"

/** What a node is made from; `declared` is the shape of its first output where the inputs do not tell it. */
export interface Making {
  readonly op: OpName
  readonly inputs: ReadonlyArray<Value | undefined>
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly outputs?: number
  readonly declared?: Shape
}

/** The part of the builder that knows graphs but no operator. */
export class Builder {
  private readonly state: State
  private readonly constants: ConstantPool
  private readonly dimensions: DimResolver
  private scope = ""

  constructor(name: string | Graph) {
    const empty = { inputs: [], outputs: [], initializers: [], nodes: [], composites: [] }
    const graph = typeof name === "string" ? { ...empty, name, values: new Map(), contents: new Map() } : name
    this.state = new State(graph)
    this.constants = new ConstantPool(this.state)
    this.dimensions = new DimResolver(
      this.state,
      (making) => this.within("/shapes", () => this.one(making)),
      (ns) => this.int64(...ns)
    )
  }

  /** Adds an input. Fails: GraphError with NameTaken, DimInvalid. */
  input(name: string, type: ElementType, shape: Shape): Value {
    const value = this.state.define({ name, type, shape: canonicalShape(shape) }, "an input")
    this.state.inputs.push(value)
    return value
  }

  /** Makes `value` an output, named `name` if given; the value is known by its old name too. Fails: GraphError with NameTaken, NameUnknown. */
  output(value: Value, name?: string): Value {
    const current = this.state.current(value, "an output")
    const result = name === undefined || name === current.name ? current : this.named(current, name)
    if (this.state.outputs.some((output) => this.state.currentName(output) === result.name)) {
      throw graphError(new NameTaken({ name: result.name, by: "another output" }))
    }
    this.state.outputs.push(result.name)
    return result
  }

  private named(value: Value, name: string): Value {
    const fixed =
      this.state.inputs.some((input) => input.name === value.name) ||
      this.state.initializers.some((initializer) => initializer.value.name === value.name) ||
      this.state.outputs.some((output) => this.state.currentName(output) === value.name)
    return this.state.rename(fixed ? this.one({ op: "Identity", inputs: [value] }) : value, name)
  }

  /** Adds a named constant, in the graph or in a file beside it. Fails: GraphError with SizeMismatch, NameTaken. */
  initializer(name: string, type: ElementType, shape: ReadonlyArray<number>, data: Data): Value {
    const wanted = shape.reduce((product, dim) => product * dim, bytesPerElement[type])
    const found = "bytes" in data ? data.bytes.byteLength : data.external.length
    if (found !== wanted)
      throw graphError(new SizeMismatch({ name, value: formatValue({ type, shape }), found, wanted }))
    return this.constants.add({ value: { name, type, shape }, data })
  }

  /** A constant from an array, stored once however often it is asked for. Fails: GraphError with SizeMismatch. */
  constant(data: TypedArray, shape: ReadonlyArray<number>, type: ElementType = elementTypeOf(data)): Value {
    const wanted = shape.reduce((product, dim) => product * dim, bytesPerElement[type])
    if (data.byteLength !== wanted) {
      throw graphError(
        new SizeMismatch({ name: "constant", value: formatValue({ type, shape }), found: data.byteLength, wanted })
      )
    }
    return this.constants.shared(type, shape, bytesOf(data))
  }

  /** A constant of shape [], of the type of `like`. */
  scalar(x: number, like: Value | ElementType = "float32"): Value {
    return this.constants.numbers(typeof like === "string" ? like : like.type, [], [x])
  }

  /** A 1-D constant of whole numbers. */
  int64(...ns: ReadonlyArray<number>): Value {
    return this.constants.numbers("int64", [ns.length], ns)
  }

  /**
   * A shape as a 1-D int64 value; what depends on symbols is read off the inputs that carry them when the graph runs.
   *
   * Fails    GraphError with DimUnknown, DimInvalid.
   */
  dims(shape: Shape): Value {
    return this.dimensions.tensor(canonicalShape(shape))
  }

  /** Names what `body` builds after `name`: "layers.0.attention/Gemm_3"; a leading "/" starts from the root. */
  within<A>(name: string, body: () => A): A {
    const outer = this.scope
    this.scope = name.startsWith("/") ? `${name.slice(1)}/` : `${outer}${name}/`
    try {
      return body()
    } finally {
      this.scope = outer
    }
  }

  /**
   * A group of nodes that `differentiate` does not look into: it calls `reverse` instead.
   *
   * Domain   `forward` reads no differentiated value but `inputs`, and nothing outside reads its inner values.
   */
  composite(
    name: string,
    inputs: ReadonlyArray<Value>,
    forward: () => { readonly output: Value; readonly saved: ReadonlyArray<Value> },
    reverse: CompositeReverse
  ): Value {
    const first = this.state.nodes.length
    const { output, saved } = this.within(name, forward)
    const nodes = this.state.nodes.slice(first)
    const full = `${this.scope}${name}`
    if (!nodes.some((node) => node.outputs.includes(output.name))) {
      throw graphError(
        new CallInvalid({ op: name, node: full, inputs: inputs.map(formatValue), wanted: "an output built inside" })
      )
    }
    this.state.composites.push({ name: full, inputs, output, saved, nodes: nodes.map((node) => node.name), reverse })
    return output
  }

  /** The graph so far, as immutable data. */
  build(): Graph {
    return this.state.graph()
  }

  /** What a 1-D int64 value holds, if that is known. */
  protected contentOf(value: Value): ReadonlyArray<Dim> | undefined {
    return this.state.contents.get(this.state.currentName(value.name))
  }

  /** Adds a node and gives its outputs. Fails: GraphError with CallInvalid, NameUnknown. */
  protected many(making: Making): ReadonlyArray<Value> {
    const { op, attributes = {}, outputs = 1 } = making
    const name = this.state.nextName(`${this.scope}${op}`)
    const inputs = making.inputs.map((value) => value && this.state.current(value, name))
    const node = {
      op,
      domain: domainOf(op),
      name,
      inputs: inputs.map((value) => value?.name ?? ""),
      outputs: Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}:${i}`)),
      attributes
    }
    const declared = making.declared && canonicalShape(making.declared)
    const contents = (value: string) => this.state.contents.get(value)
    const call = new Call({ node, inputs, declared, contents })
    const signatures = inferShapes(call)
    const values = signatures.map(({ type, shape }, i) => ({ name: node.outputs[i] ?? "", type, shape }))
    for (const value of values) this.state.define(value, name)
    this.state.addNode(call)
    return values
  }

  /** Adds a node and gives its first output. Fails: GraphError with CallInvalid, NameUnknown. */
  protected one(making: Making): Value {
    const [value] = this.many(making)
    if (!value) throw new RangeError(`${making.op} has no output`)
    return value
  }
}
