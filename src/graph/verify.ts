import { Call } from "./Call.ts"
import { sameShape } from "./Dim.ts"
import { formatValue } from "./ElementType.ts"
import { Cycle, graphError, NameTaken, NameUnknown, OrderInvalid, Unused, ValueDisagrees } from "./errors.ts"
import type { Graph, Node, Value } from "./Graph.ts"
import { inferShapes } from "./shapes.ts"

/** Which node makes each value; constants and inputs have none. Fails: GraphError with NameTaken. */
const producersOf = (graph: Graph): ReadonlyMap<string, Node | undefined> => {
  const producers = new Map<string, Node | undefined>()
  const define = (name: string, node?: Node) => {
    if (producers.has(name))
      throw graphError(new NameTaken({ name, by: `"${producers.get(name)?.name ?? "an input or initializer"}"` }))
    producers.set(name, node)
  }
  for (const { name } of graph.inputs) define(name)
  for (const { value } of graph.initializers) define(value.name)
  for (const node of graph.nodes) for (const name of node.outputs) if (name !== "") define(name, node)
  return producers
}

/** The nodes on a way from `node` back to itself, if there is one. */
const cycleOf = (node: Node, producers: ReadonlyMap<string, Node | undefined>): ReadonlyArray<string> | undefined => {
  const seen = new Set<Node>()
  const search = (at: Node, way: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
    for (const name of at.inputs) {
      const next = producers.get(name)
      if (next === node) return way
      if (!next || seen.has(next)) continue
      seen.add(next)
      const found = search(next, [next.name, ...way])
      if (found) return found
    }
    return undefined
  }
  return search(node, [node.name])
}

const checkOrder = (graph: Graph, producers: ReadonlyMap<string, Node | undefined>): void => {
  const ready = new Set([...graph.inputs, ...graph.initializers.map(({ value }) => value)].map((value) => value.name))
  for (const node of graph.nodes) {
    for (const name of node.inputs) {
      if (name === "" || ready.has(name)) continue
      const producer = producers.get(name)
      if (!producer) throw graphError(new NameUnknown({ name, by: `${node.op} "${node.name}"` }))
      const nodes = cycleOf(node, producers)
      throw graphError(
        nodes ? new Cycle({ nodes }) : new OrderInvalid({ name, reader: node.name, producer: producer.name })
      )
    }
    for (const name of node.outputs) ready.add(name)
  }
}

const valueOf = (graph: Graph, name: string, by: string): Value => {
  const value = graph.values.get(name)
  if (!value) throw graphError(new NameUnknown({ name, by }))
  return value
}

const checkValues = (graph: Graph): void => {
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => (name === "" ? undefined : valueOf(graph, name, `"${node.name}"`)))
    const outputs = node.outputs.map((name) => (name === "" ? undefined : valueOf(graph, name, `"${node.name}"`)))
    const contents = (name: string) => graph.contents.get(name)
    const signatures = inferShapes(new Call({ node, inputs, declared: outputs[0]?.shape, contents }))
    outputs.forEach((declared, i) => {
      const wanted = signatures[i]
      if (!declared || (wanted && declared.type === wanted.type && sameShape(declared.shape, wanted.shape))) return
      const text = wanted ? formatValue(wanted) : "no such output"
      throw graphError(new ValueDisagrees({ name: declared.name, declared: formatValue(declared), wanted: text }))
    })
  }
}

const checkOutputs = (graph: Graph, producers: ReadonlyMap<string, Node | undefined>): void => {
  const seen = new Set<string>()
  for (const output of graph.outputs) {
    if (seen.has(output.name)) throw graphError(new NameTaken({ name: output.name, by: "another output" }))
    if (!producers.has(output.name)) throw graphError(new NameUnknown({ name: output.name, by: "an output" }))
    seen.add(output.name)
    const wanted = valueOf(graph, output.name, "an output")
    if (wanted.type !== output.type || !sameShape(wanted.shape, output.shape)) {
      throw graphError(
        new ValueDisagrees({ name: output.name, declared: formatValue(output), wanted: formatValue(wanted) })
      )
    }
  }
}

/** What a composite saves for its reverse rule counts as read. */
const checkUse = (graph: Graph): void => {
  const read = new Set([
    ...graph.nodes.flatMap((node) => node.inputs),
    ...graph.outputs.map((value) => value.name),
    ...graph.composites.flatMap((composite) => composite.saved.map((value) => value.name))
  ])
  const check = (kind: string, name: string, outputs: ReadonlyArray<string>) => {
    if (!outputs.some((output) => read.has(output))) throw graphError(new Unused({ kind, name }))
  }
  for (const { name } of graph.inputs) check("input", name, [name])
  for (const { value } of graph.initializers) check("initializer", value.name, [value.name])
  for (const node of graph.nodes) check("node", node.name, node.outputs)
}

/**
 * Checks that a graph is whole: every name defined once and before it is read, every type and shape as the operators make it,
 * nothing unused.
 *
 * Fails    GraphError: NameTaken, NameUnknown, Cycle, OrderInvalid, OpUnknown, CallInvalid, ValueDisagrees, Unused.
 */
export const verify = (graph: Graph): void => {
  const producers = producersOf(graph)
  checkOrder(graph, producers)
  checkValues(graph)
  checkOutputs(graph, producers)
  checkUse(graph)
}
