import { graphError, NameUnknown } from "./errors.ts"
import type { Graph, Node, Value } from "./Graph.ts"
import { liveNodes } from "./liveNodes.ts"
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

/** The node that makes the output `name`, if nothing else reads that. */
const soleProducer = (graph: Graph, name: string): Node | undefined => {
  const read = graph.nodes.some((each) => each.inputs.includes(name))
  return read ? undefined : graph.nodes.find((each) => each.outputs.includes(name))
}

/** Whether a value is zeros that a node makes. */
const isZeros = (graph: Graph, name: string | undefined): boolean => {
  const fill = graph.nodes.find((node) => node.op === "ConstantOfShape" && node.outputs[0] === name)?.attributes[
    "value"
  ]
  return fill !== undefined && "tensor" in fill && fill.tensor.bytes.every((byte) => byte === 0)
}

/** How a node that makes an output adds it to what stands there already: `sum` makes the new output from `before`. */
interface Adding {
  readonly fits: (graph: Graph, node: Node) => boolean
  readonly sum: (
    op: Ops,
    from: { readonly node: Node; readonly before: Value; readonly operand: (i: number) => Value }
  ) => Value
}

/** Operators that add to one of their operands themselves. */
const adding: Readonly<Record<string, Adding>> = {
  Gemm: {
    fits: (_, node) => !node.inputs[2],
    sum: (op, { node, before, operand }) =>
      op.Gemm(operand(0), operand(1), before, {
        transA: flag(node, "transA"),
        transB: flag(node, "transB"),
        alpha: numberOf(node, "alpha", 1)
      })
  },
  ScatterElements: {
    fits: (graph, node) => {
      const reduction = node.attributes["reduction"]
      return (
        reduction !== undefined && "string" in reduction && reduction.string === "add" && isZeros(graph, node.inputs[0])
      )
    },
    sum: (op, { node, before, operand }) =>
      op.ScatterElements(before, operand(1), operand(2), { axis: numberOf(node, "axis", 0), reduction: "add" })
  }
}

/** `graph`, its output made by `node` a sum with `before`. */
const addWithin = (graph: Graph, node: Node, pair: { readonly output: Value; readonly input: string }): Graph => {
  const op = Ops.extend(without(graph, node))
  const before = op.input(pair.input, pair.output.type, pair.output.shape)
  const operand = (i: number) => {
    const value = graph.values.get(node.inputs[i] ?? "")
    if (!value) throw new RangeError(`Operand ${i} of "${node.name}" is not in the graph`)
    return value
  }
  const sum = adding[node.op]?.sum(op, { node, before, operand })
  if (sum) op.output(sum, pair.output.name)
  return live(op.build())
}

/** Without the nodes that no output depends on. */
const live = (graph: Graph): Graph => ({
  ...graph,
  nodes: liveNodes(
    graph.nodes,
    graph.outputs.map(({ name }) => name)
  )
})

/**
 * Turns an output into a sum: `output` becomes `input` + what it was, so that both can be one buffer of the caller.
 *
 * A product of matrices adds its third operand itself, and what is scattered into zeros is scattered into `input`
 * instead; everything else takes an Add.
 *
 * Shapes   Adds `input`, shaped as `output`.
 * Fails    GraphError: NameUnknown, NameTaken.
 */
export const accumulate = (graph: Graph, pair: { readonly output: string; readonly input: string }): Graph => {
  const output = graph.outputs.find((value) => value.name === pair.output)
  if (!output) throw graphError(new NameUnknown({ name: pair.output, by: "an accumulator" }))
  const producer = soleProducer(graph, output.name)
  if (producer && adding[producer.op]?.fits(graph, producer)) {
    return addWithin(graph, producer, { output, input: pair.input })
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
