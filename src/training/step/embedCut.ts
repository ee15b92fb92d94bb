import { embedding } from "../../model/mod.ts"
import { graphWithWeights, trainedAmong } from "./openLayers.ts"
import type { Cut } from "./Stage.ts"
import type { TrunkModel } from "./TrunkModel.ts"

/** The embedding of the tokens of a strip, from their rows of the table `embedding`: rows [rows*tokens, hidden_size] → y. */
export const embedCut = (model: TrunkModel): Cut => {
  const { op, weights, parameterOf, linear } = graphWithWeights("embed", { model, short: (name) => name })
  const rows = op.input("rows", "float32", ["rows*tokens", model.config.hidden_size])
  // the rows stand where a family has ids to look them up by
  const context = { config: model.config, parameterOf, linear, rowsOf: () => rows }
  const y = op.output(model.family.embed(op, context, rows), "y")
  const through = model.trained.has(embedding) ? [rows] : []
  return { name: "embed", graph: op.build(), of: [y], through, weights: trainedAmong(weights, model.trained) }
}
