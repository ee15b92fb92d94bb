import { graphWithWeights, trainedAmong } from "./openLayers.ts"
import type { Cut } from "./Stage.ts"
import type { TrunkModel } from "./TrunkModel.ts"

/** The embedding of the tokens of a strip. */
export const embedCut = (model: TrunkModel): Cut => {
  const { op, weights, parameterOf, linear } = graphWithWeights("embed", { model, short: (name) => name })
  const ids = op.input("ids", "int64", ["rows", "tokens"])
  const y = op.output(model.family.embed(op, { config: model.config, parameterOf, linear }, ids), "y")
  return { name: "embed", graph: op.build(), of: [y], through: [], weights: trainedAmong(weights, model.trained) }
}
