import type { Composite } from "./Composite.ts"
import { gradients } from "./gradients.ts"
import type { GradientRow } from "./gradients/ReverseCall.ts"
import type { Graph, Node } from "./Graph.ts"
import { isOpName } from "./shapes.ts"

/** What differentiation goes through at once: a node, or a composite as a whole. */
export type Step = {
  /** The values through which a gradient may flow back. */
  readonly reads: ReadonlyArray<string>
  readonly gives: ReadonlyArray<string>
  /** Values from outside that a composite reads although they are not among its inputs. */
  readonly captured: ReadonlyArray<string>
} & ({ readonly node: Node } | { readonly composite: Composite })

/** How a node is differentiated. */
export const rowOf = (node: Node): GradientRow => (isOpName(node.op) ? gradients[node.op] : "undifferentiable")

const readsOf = (node: Node): ReadonlyArray<string> => (rowOf(node) === "constant" ? [] : node.inputs)

const compositeStep = (composite: Composite, inside: ReadonlyArray<Node>): Step => {
  const made = new Set(inside.flatMap((node) => node.outputs))
  const inputs = new Set(composite.inputs.map((value) => value.name))
  const outside = new Set(inside.flatMap(readsOf).filter((name) => name !== "" && !made.has(name)))
  return {
    composite,
    reads: [...inputs.union(outside)],
    gives: [...made],
    captured: [...outside.difference(inputs)]
  }
}

/** The steps of a graph in the order of its nodes; a composite inside another belongs to the outer one. */
export const stepsOf = (graph: Graph): ReadonlyArray<Step> => {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]))
  const owner = new Map<string, Composite>()
  // an outer composite is recorded after those inside it, so it has the last word
  for (const composite of graph.composites) for (const name of composite.nodes) owner.set(name, composite)
  return graph.nodes.flatMap((node): ReadonlyArray<Step> => {
    const composite = owner.get(node.name)
    if (!composite) return [{ node, reads: readsOf(node), gives: node.outputs, captured: [] }]
    if (composite.nodes.at(-1) !== node.name) return []
    return [
      compositeStep(
        composite,
        composite.nodes.flatMap((name) => nodes.get(name) ?? [])
      )
    ]
  })
}
