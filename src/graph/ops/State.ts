import type { Call } from "../Call.ts"
import type { Composite } from "../Composite.ts"
import { graphError, NameTaken, NameUnknown } from "../errors.ts"
import type { Graph, Initializer, Node, Shape, Value } from "../Graph.ts"

const numbered = /^(.*)_(\d+)$/

/** The graph while it grows: the only mutable thing of this folder. */
export class State {
  readonly name: string
  readonly inputs: Array<Value>
  readonly outputs: Array<string>
  readonly initializers: Array<Initializer>
  readonly nodes: Array<Node>
  readonly values: Map<string, Value>
  readonly contents: Map<string, Shape>
  readonly composites: Array<Composite>
  private readonly renamed = new Map<string, string>()
  private readonly counts = new Map<string, number>()
  private readonly nodeNames: Set<string>

  constructor(graph: Graph) {
    this.name = graph.name
    this.inputs = [...graph.inputs]
    this.outputs = graph.outputs.map((value) => value.name)
    this.initializers = [...graph.initializers]
    this.nodes = [...graph.nodes]
    this.values = new Map(graph.values)
    this.contents = new Map(graph.contents)
    this.composites = [...graph.composites]
    this.nodeNames = new Set(graph.nodes.map((node) => node.name))
    for (const name of this.nodeNames) {
      const [, stem = name, count = "0"] = numbered.exec(name) ?? []
      this.counts.set(stem, Math.max(this.counts.get(stem) ?? 0, Number(count) + 1))
    }
  }

  /** The name that a value has now. */
  currentName(name: string): string {
    return this.renamed.get(name) ?? this.values.get(name)?.name ?? name
  }

  /** The value as the graph has it now. Fails: GraphError with NameUnknown. */
  current(value: Value, by: string): Value {
    const found = this.values.get(this.currentName(value.name))
    if (!found) throw graphError(new NameUnknown({ name: value.name, by }))
    return found
  }

  /** Adds a value. Fails: GraphError with NameTaken. */
  define(value: Value, by: string): Value {
    if (this.values.has(value.name)) throw graphError(new NameTaken({ name: value.name, by: "another value" }))
    if (value.name === "") throw graphError(new NameTaken({ name: "", by: `${by}, as the absent value` }))
    this.values.set(value.name, value)
    return value
  }

  /** A name for the next node `stem`: `stem_0`, `stem_1`, … */
  nextName(stem: string): string {
    const count = this.counts.get(stem) ?? 0
    this.counts.set(stem, count + 1)
    const name = `${stem}_${count}`
    return this.values.has(name) || this.nodeNames.has(name) ? this.nextName(stem) : name
  }

  /** Adds a node whose outputs are already defined. */
  addNode(call: Call): void {
    this.nodeNames.add(call.node.name)
    this.nodes.push(call.node)
  }

  /** Gives the output of a node another name, in whatever was built with the old one. */
  rename(value: Value, name: string): Value {
    const next = this.define({ ...value, name }, "a rename")
    this.values.set(value.name, next)
    this.renamed.set(value.name, name)
    const content = this.contents.get(value.name)
    if (content) this.contents.set(name, content)
    return next
  }

  private settled(value: Value): Value {
    return this.values.get(this.currentName(value.name)) ?? value
  }

  /** Everything so far, as data. */
  graph(): Graph {
    const settle = (name: string) => this.currentName(name)
    const nodes = this.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(settle),
      outputs: node.outputs.map(settle)
    }))
    const composites = this.composites.map((composite) => ({
      ...composite,
      inputs: composite.inputs.map((value) => this.settled(value)),
      output: this.settled(composite.output),
      saved: composite.saved.map((value) => this.settled(value))
    }))
    return {
      name: this.name,
      inputs: [...this.inputs],
      outputs: this.outputs.map((name) => this.values.get(settle(name))).filter((value) => value !== undefined),
      initializers: [...this.initializers],
      nodes,
      values: new Map(this.values),
      contents: new Map(this.contents),
      composites
    }
  }
}
