import { graphError, NameUnknown } from "./errors.ts"
import type { Graph, Node } from "./Graph.ts"
import { Ops } from "./Ops.ts"

const without = (graph: Graph, node: Node): Graph => {
  const values = new Map(graph.values)
  for (const name of node.outputs) values.delete(name)
  return {
    ...graph,
    nodes: graph.nodes.filter((each) => each !== node),
    outputs: graph.outputs.filter((value) => !node.outputs.includes(value.name)),
    values
  }
}

const numberOf = (node: Node, name: string, otherwise: number): number => {
  const attribute = node.attributes[name]
  if (attribute && "int" in attribute) return attribute.int
  return attribute && "float" in attribute ? attribute.float : otherwise
}

const flag = (node: Node, name: string): 0 | 1 => (numberOf(node, name, 0) === 1 ? 1 : 0)

/** The product that makes the output `name`, if nothing else reads it and it adds nothing yet. */
const freeProduct = (graph: Graph, name: string): Node | undefined => {
  const node = graph.nodes.find((each) => each.outputs.includes(name))
  const alone = !graph.nodes.some((each) => each.inputs.includes(name))
  return node?.op === "Gemm" && !node.inputs[2] && alone ? node : undefined
}

/**
 * Turns an output into a sum: `output` becomes `input` + what it was, so that both can be one buffer of the caller.
 *
 * A product of matrices adds its third operand itself; everything else takes an Add.
 *
 * Shapes   Adds `input`, shaped as `output`.
 * Fails    GraphError: NameUnknown, NameTaken.
 */
export const accumulate = (graph: Graph, pair: { readonly output: string; readonly input: string }): Graph => {
  const output = graph.outputs.find((value) => value.name === pair.output)
  if (!output) throw graphError(new NameUnknown({ name: pair.output, by: "an accumulator" }))
  const product = freeProduct(graph, output.name)
  if (product) {
    const op = Ops.extend(without(graph, product))
    const operand = (i: number) => {
      const value = graph.values.get(product.inputs[i] ?? "")
      if (!value) throw new RangeError(`Operand ${i} of "${product.name}" is not in the graph`)
      return value
    }
    const before = op.input(pair.input, output.type, output.shape)
    const options = {
      transA: flag(product, "transA"),
      transB: flag(product, "transB"),
      alpha: numberOf(product, "alpha", 1)
    }
    op.output(op.Gemm(operand(0), operand(1), before, options), pair.output)
    return op.build()
  }
  const renamed = `${pair.output}.once`
  const op = Ops.extend(rename(graph, pair.output, renamed))
  const before = op.input(pair.input, output.type, output.shape)
  op.output(op.Add(before, { ...output, name: renamed }), pair.output)
  return op.build()
}

/** `graph`, with its output `from` an inner value named `to`. */
const rename = (graph: Graph, from: string, to: string): Graph => {
  const settle = (name: string) => (name === from ? to : name)
  const values = new Map([...graph.values].filter(([name]) => name !== from))
  for (const [name, value] of values) if (value.name === from) values.set(name, { ...value, name: to })
  const value = graph.values.get(from)
  if (value) values.set(to, { ...value, name: to })
  return {
    ...graph,
    outputs: graph.outputs.filter((each) => each.name !== from),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(settle),
      outputs: node.outputs.map(settle)
    })),
    values
  }
}
