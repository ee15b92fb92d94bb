import { differentiate, type Graph, Ops, type Value, verifyAliases } from "../graph/mod.ts"
import type { Parameter, SequenceModel } from "../model/mod.ts"
import type { Objective } from "./objective/Objective.ts"

/** The names under which a parameter's gradient is read and written: the same buffer serves as both. */
export const accumulatorNames = (parameter: string) => ({
  input: `${parameter}.gradient`,
  output: `${parameter}.gradientNext`
})

/**
 * Model, loss and gradients as one graph; each gradient is added into a buffer of the caller.
 *
 * Shapes   Inputs: every parameter, its accumulator, and what the objective declares. Outputs: loss [], the objective's
 *          reports [example], every accumulator.
 */
export const stepGraph = (
  objective: Objective,
  model: SequenceModel,
  parameters: ReadonlyArray<Parameter>
): { readonly graph: Graph; readonly reports: ReadonlyArray<string> } => {
  const op = new Ops("step")
  const values = new Map<string, Value>()
  for (const { name, shape } of parameters) values.set(name, op.input(name, "float32", shape))
  const valueOf = (name: string): Value => {
    const value = values.get(name)
    if (!value) throw new RangeError(`Parameter "${name}" is not among those of the model`)
    return value
  }
  const { loss, reports } = objective.build(op, model, valueOf)
  const named = op.output(loss, "loss")
  for (const [name, value] of Object.entries(reports)) op.output(value, name)
  const { graph: differentiated, gradients } = differentiate(op.build(), {
    of: named,
    withRespectTo: [...values.values()]
  })
  const extended = Ops.extend(differentiated)
  for (const [name, value] of values) {
    const gradient = gradients.get(value.name)
    if (!gradient) throw new RangeError(`Parameter "${name}" has no gradient`)
    const names = accumulatorNames(name)
    const accumulator = extended.input(names.input, "float32", value.shape)
    extended.output(extended.Add(accumulator, gradient), names.output)
  }
  const graph = extended.build()
  verifyAliases(graph, [...values.keys()].map(accumulatorNames))
  return { graph, reports: Object.keys(reports) }
}
