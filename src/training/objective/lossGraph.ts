import type { Kind } from "../../checkpoint/mod.ts"
import { differentiate, type Graph, Ops, type Value } from "../../graph/mod.ts"
import { type BatchInputName, batchInputs } from "./batchInputs.ts"
import type { Built, Readings } from "./Readings.ts"

/** A loss as a graph of its own: everything above what the model says. */
export interface LossGraph {
  readonly graph: Graph
  /** What it reads of a batch. */
  readonly reads: ReadonlySet<BatchInputName>
  /** Whether it reads log Σ π² of every predicted token. */
  readonly readsSquares: boolean
  readonly reports: ReadonlyArray<string>
}

/** The names of what goes in and out of a graph of a loss, besides `batchInputs`. */
export const lossPorts = {
  said: "said",
  gradient: "said.gradient",
  detached: "detached",
  logSquares: "logSquares",
  loss: "loss"
} as const

/** Log-probabilities of tokens below each other; the rewards of a pair beside each other, the chosen one first. */
const saidShape = { causal: ["selected", 1], reward: ["pairs", 2] } as const

/**
 * The graph of a loss: the loss, reports, and the gradient of the loss by what the model said.
 *
 * Shapes   Inputs: said, detached and logSquares [selected, 1], or said [pairs, 2]; those of `batchInputs` that are read.
 *          Outputs: loss [], reports, said.gradient as said.
 * Fails    GraphError.
 */
export const lossGraph = (kind: Kind, build: (read: Readings) => Built): LossGraph => {
  const op = new Ops("loss")
  const shape = saidShape[kind]
  const said = op.input(lossPorts.said, "float32", shape)
  const read = new Map<BatchInputName, Value>()
  const others = new Map<"detached" | "logSquares", Value>()
  const other = (name: "detached" | "logSquares") => (): Value => {
    const value = others.get(name) ?? op.input(lossPorts[name], "float32", shape)
    others.set(name, value)
    return value
  }
  const { loss, reports } = build({
    op,
    said,
    detached: other("detached"),
    logSquares: other("logSquares"),
    batch: (name) => {
      const value = read.get(name) ?? op.input(name, "float32", batchInputs[name].shape)
      read.set(name, value)
      return value
    }
  })
  const total = op.output(loss, lossPorts.loss)
  for (const [name, value] of Object.entries(reports)) op.output(value, name)
  const { graph, gradients } = differentiate(op.build(), { of: total, withRespectTo: [said] })
  const back = Ops.extend(graph)
  for (const gradient of gradients.values()) back.output(gradient, lossPorts.gradient)
  return {
    graph: back.build(),
    reads: new Set(read.keys()),
    readsSquares: others.has("logSquares"),
    reports: Object.keys(reports)
  }
}
