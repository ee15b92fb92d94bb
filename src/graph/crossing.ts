import type { Graph, Node, Value } from "./Graph.ts"

/** Nodes that give another view of what they read, or only its size: cheaper to repeat than to keep. */
const repeated = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze", "Shape"])

/** Nodes that go over what they read once: repeated where all that they read is there anyway. */
const light = new Set([
  "Add",
  "Clip",
  "Concat",
  "Cos",
  "Div",
  "Mul",
  "Neg",
  "Relu",
  "RotaryEmbedding",
  "Sigmoid",
  "SimplifiedLayerNormalization",
  "Sin",
  "Slice",
  "Sub",
  "Tanh",
  "Transpose"
])

const isCheap = (node: Node, values: ReadonlyMap<string, Value>): boolean =>
  repeated.has(node.op) || node.outputs.every((name) => ["int64", "bool"].includes(values.get(name)?.type ?? ""))

/**
 * Which nodes of `forward` are repeated behind, and which values are kept, so that `names` are known there.
 *
 * Views, sizes and integers are always repeated; of what else is asked for, what follows by light nodes from inputs and from
 * the rest of it. So no value is kept that was not asked for.
 */
export const crossing = (forward: Graph, names: ReadonlyArray<string>) => {
  const producers = new Map(forward.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const again = new Set<Node>()
  const kept = new Set<string>()
  const visit = (name: string): void => {
    const node = producers.get(name)
    if (!node || again.has(node)) return
    if (!isCheap(node, forward.values)) return void kept.add(name)
    again.add(node)
    node.inputs.forEach(visit)
  }
  names.forEach(visit)

  /** The nodes that make a value of what is kept; undefined where one of them is not light. */
  const wayTo = (name: string, without: Node): ReadonlyArray<Node> | undefined => {
    const node = producers.get(name)
    if (!node || again.has(node)) return []
    if (node !== without && kept.has(name)) return []
    if (!light.has(node.op) && !isCheap(node, forward.values)) return undefined
    const ways = node.inputs.map((input) => wayTo(input, without))
    return ways.some((way) => way === undefined) ? undefined : [...ways.flatMap((way) => way ?? []), node]
  }
  for (const node of forward.nodes.toReversed()) {
    const own = node.outputs.filter((name) => kept.has(name))
    const [first] = own
    const way = first !== undefined && light.has(node.op) ? wayTo(first, node) : undefined
    if (!way) continue
    for (const each of way) again.add(each)
    for (const name of own) kept.delete(name)
  }
  return { again: forward.nodes.filter((node) => again.has(node)), kept }
}
