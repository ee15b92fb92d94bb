import type { Node } from "./Graph.ts"

/** The nodes that `names` depend on, in order. */
export const liveNodes = (nodes: ReadonlyArray<Node>, names: Iterable<string>): ReadonlyArray<Node> => {
  const read = new Set(names)
  return nodes
    .toReversed()
    .filter((node) => {
      const live = node.outputs.some((output) => read.has(output))
      if (live) for (const input of node.inputs) read.add(input)
      return live
    })
    .toReversed()
}
