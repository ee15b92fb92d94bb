import { bytesPerElement, type Graph, type Node, resolveShape, type Value } from "../../graph/mod.ts"
import type { Sizes } from "../step/mod.ts"
import { executionOrder } from "./executionOrder.ts"
import type { Arena, Chunk } from "./Arena.ts"

/** Operators whose result is the memory of their first operand. */
const views = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze"])

/** Operators that write over an operand that nothing reads later. */
const overwriting = new Set([
  "Abs",
  "Add",
  "Clip",
  "Div",
  "Exp",
  "LogSoftmax",
  "Mul",
  "Neg",
  "Not",
  "Relu",
  "Sigmoid",
  "Softmax",
  "Sqrt",
  "Sub",
  "Tanh"
])

/** Units: bytes. */
export const bytesOf = ({ shape, type }: Value, sizes: Sizes): number =>
  resolveShape(shape, sizes).reduce((product, size) => product * size, bytesPerElement[type])

/** Transposes that ONNX Runtime makes part of the products that read them. */
const isFused = (node: Node, nodes: ReadonlyArray<Node>): boolean => {
  if (node.op !== "Transpose") return false
  const readers = nodes.filter(({ inputs }) => inputs.includes(node.outputs[0] ?? ""))
  return readers.length > 0 && readers.every(({ op }) => op === "MatMul")
}

/** Which value's memory each value is, and the last node that reads or makes that memory. */
const lifetimes = (nodes: ReadonlyArray<Node>) => {
  const root = new Map<string, string>()
  const rootOf = (name: string): string => root.get(name) ?? name
  const last = new Map<string, number>()
  nodes.forEach((node, i) => {
    const [first = ""] = node.inputs
    if (views.has(node.op) || isFused(node, nodes)) root.set(node.outputs[0] ?? "", rootOf(first))
    for (const name of [...node.inputs, ...node.outputs]) last.set(rootOf(name), i)
  })
  return { rootOf, last }
}

/**
 * Takes from an arena what a run of a graph takes, node by node: everything that is neither an input, nor an
 * output, nor a constant, from the node that makes it to the last that reads it.
 *
 * Source   The memory plan of ONNX Runtime: views share, elementwise operators write over operands that die in them.
 */
export const runInArena = (arena: Arena, graph: Graph, sizes: Sizes): void => {
  const nodes = executionOrder(graph)
  const { rootOf, last } = lifetimes(nodes)
  const outside = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name))
  const held = new Map<string, Chunk>()
  const owed = new Map<string, number>()
  nodes.forEach((node, i) => {
    const dying = node.inputs.map(rootOf).filter((name) => held.has(name) && last.get(name) === i)
    for (const name of node.outputs) {
      const value = graph.values.get(name)
      if (!value || outside.has(name) || rootOf(name) !== name) continue
      const bytes = bytesOf(value, sizes)
      const over = overwriting.has(node.op)
        ? dying.find((each) => held.has(each) && owed.get(each) === bytes)
        : undefined
      held.set(name, (over !== undefined && held.get(over)) || arena.allocate(bytes))
      owed.set(name, bytes)
      if (over !== undefined) held.delete(over)
    }
    for (const name of [...dying, ...node.outputs.map(rootOf)]) {
      const chunk = held.get(name)
      if (!chunk || last.get(name) !== i) continue
      arena.release(chunk)
      held.delete(name)
    }
  })
}
