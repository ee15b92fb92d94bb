import type { TrunkModel } from "./TrunkModel.ts"

/** The first layer that gradients must reach: those below it hold nothing that is trained, nor does the embedding. */
export const lowestLayer = (model: TrunkModel, embedTrained: boolean): number => {
  if (embedTrained) return 0
  const layers = Array.from({ length: model.config.num_hidden_layers }, (_, layer) => layer)
  const found = layers.find((layer) => [...model.trained].some((name) => name.startsWith(`model.layers.${layer}.`)))
  return found ?? layers.length
}
