import { Schema } from "effect"
import { differentiate, type Graph, Ops, type Value } from "../../src/graph/mod.ts"
import { type BoundLoss, type LossChoice, losses, lossOf, type LossName } from "../../src/loss/mod.ts"
import { Float64Ops } from "./Float64Ops.ts"
import { differentiated, vectorOf } from "./terms.ts"

/** The choice of a loss with options as a pipeline file writes them. */
export const decoded = (name: LossName, options: unknown = {}): LossChoice => {
  const schema: Schema.Decoder<unknown> = losses[name].options
  return { [name]: Schema.decodeUnknownSync(schema)(options) } as LossChoice // as: decoded by the schema of its own row
}

/** The loss of a name with options as a pipeline file writes them. */
export const choose = (name: LossName, options: unknown = {}): BoundLoss => lossOf(decoded(name, options))

/** A loss as a graph with its gradients. */
export interface LossGraph {
  readonly graph: Graph
  /** The terms that the loss reads, sorted. */
  readonly reads: ReadonlyArray<string>
  /** Those of them that carry a gradient. */
  readonly slopes: ReadonlyArray<string>
}

/**
 * Inputs: the terms, "n" of each, and "weights". Outputs: "vector"; "total", its weighted sum; and "slope of" each
 * differentiated term.
 */
export const graphOf = (loss: BoundLoss, type: "float32" | "float64"): LossGraph => {
  const op = type === "float64" ? new Float64Ops("loss") : new Ops("loss")
  const inputs = new Map<string, Value>()
  const leaf = (name: string): Value => {
    const value = inputs.get(name) ?? op.input(name, type, name === "runningReward" ? [] : ["n"])
    inputs.set(name, value)
    return value
  }
  const vector = vectorOf(op, loss, leaf)
  const weighted = op.Mul(vector, op.input("weights", type, ["n"]))
  const total = op.output(op.ReduceSum(weighted, { keepdims: 0 }), "total")
  op.output(vector, "vector")
  const reads = [...inputs.keys()].sort()
  const slopes = reads.filter((name) => differentiated.has(name))
  const result = differentiate(op.build(), { of: total, withRespectTo: slopes.map(leaf) })
  const more = Ops.extend(result.graph)
  for (const [name, gradient] of result.gradients) more.output(gradient, `slope of ${name}`)
  return { graph: more.build(), reads, slopes }
}
