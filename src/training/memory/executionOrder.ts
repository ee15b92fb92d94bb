import type { Graph, Node } from "../../graph/mod.ts"

/**
 * The nodes of a graph in the order in which ONNX Runtime runs them: from the last node whose result none reads, each as
 * soon as what it reads is there, what it reads taken from the last on.
 *
 * Source   ReverseDFSFrom of ONNX Runtime's Graph, the default order of a session.
 */
export const executionOrder = ({ nodes }: Pick<Graph, "nodes">): ReadonlyArray<Node> => {
  const producers = new Map(nodes.flatMap((node, i) => node.outputs.map((name) => [name, i] as const)))
  const read = new Set(nodes.flatMap(({ inputs }) => inputs))
  const ordered: Array<Node> = []
  const entered = new Set<number>()
  const stack = nodes.flatMap(({ outputs }, i) => (outputs.some((name) => read.has(name)) ? [] : [{ i, done: false }]))
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { i, done } = top
    const node = nodes[i]
    if (!node) continue
    if (done) {
      ordered.push(node)
      continue
    }
    if (entered.has(i)) continue
    entered.add(i)
    stack.push({ i, done: true })
    const before = new Set(node.inputs.flatMap((name) => producers.get(name) ?? []))
    for (const each of [...before].toSorted((a, b) => a - b))
      if (!entered.has(each)) stack.push({ i: each, done: false })
  }
  return ordered
}
