import { type Graph, Ops, verifyAliases } from "../../graph/mod.ts"
import type { Optimizer } from "./Optimizer.ts"

/** The name under which the new content of an input leaves the update graph. */
export const nextOf = (name: string): string => `${name}Next`

/**
 * One update of a stretch of the parameters, checked to be safe in place.
 *
 * Shapes   Inputs value, gradient and the moments [n], gradientScale and the optimizer's scalars []; outputs [n].
 */
export const updateGraph = (optimizer: Optimizer): Graph => {
  const op = new Ops(optimizer.name)
  const vector = (name: string) => op.input(name, "float32", ["n"])
  const scalar = (name: string) => op.input(name, "float32", [])
  const next = optimizer.build(op, {
    value: vector("value"),
    gradient: op.Mul(vector("gradient"), scalar("gradientScale")),
    moment: vector,
    scalar
  })
  op.output(next.value, nextOf("value"))
  for (const [name, moment] of Object.entries(next.moments)) op.output(moment, nextOf(name))
  const graph = op.build()
  verifyAliases(
    graph,
    ["value", ...optimizer.moments].map((name) => ({ input: name, output: nextOf(name) }))
  )
  return graph
}
