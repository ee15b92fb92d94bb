import { differentiate, type Graph, Ops, type Value } from "../../graph/mod.ts"
import { batchInputs, type BatchInputName, type Objective } from "../objective/mod.ts"
import { gradientName } from "./Stage.ts"

/** A loss as a graph of its own: everything above what the model says. */
export interface LossGraph {
  readonly graph: Graph
  /** What it reads of a batch. */
  readonly reads: ReadonlyArray<BatchInputName>
  readonly reports: ReadonlyArray<string>
}

/** The names of the model's output: log-probabilities of tokens, or rewards of sequences. */
export const outputName = { causal: "logps", reward: "rewards" } as const
export const detachedName = "detached"

/** The rewards of a pair stand beside each other, the chosen one first. */
const outputShape = { causal: ["selected", 1], reward: ["pairs", 2] } as const

/**
 * The graph of an objective: loss, reports, and the gradient of the loss by what the model said.
 *
 * Shapes   Inputs: logps [selected, 1] or rewards [pairs, 2], `detached` as these, and those of `batchInputs` that are read.
 *          Outputs: loss [], reports, `logps.gradient` or `rewards.gradient`.
 * Fails    GraphError.
 */
export const lossGraph = (objective: Objective): LossGraph => {
  const op = new Ops("loss")
  const name = outputName[objective.kind]
  const shape = outputShape[objective.kind]
  const output = op.input(name, "float32", shape)
  const read = new Map<BatchInputName, Value>()
  let detached: Value | undefined
  const { loss, reports } = objective.build({
    op,
    output,
    detached: () => (detached ??= op.input(detachedName, "float32", shape)),
    batch: (input) => {
      const value = read.get(input) ?? op.input(input, "float32", batchInputs[input].shape)
      read.set(input, value)
      return value
    }
  })
  const total = op.output(loss, "loss")
  for (const [report, value] of Object.entries(reports)) op.output(value, report)
  const { graph, gradients } = differentiate(op.build(), { of: total, withRespectTo: [output] })
  const back = Ops.extend(graph)
  for (const gradient of gradients.values()) back.output(gradient, gradientName(name))
  return { graph: back.build(), reads: [...read.keys()], reports: Object.keys(reports) }
}
