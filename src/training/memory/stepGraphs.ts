import type { Kind } from "../../checkpoint/mod.ts"
import {
  type Cut,
  cutStage,
  embedCut,
  headCut,
  type Keep,
  layerCut,
  maskGraph,
  pickCut,
  type TrunkModel
} from "../step/mod.ts"

const halvesOf = (cut: Cut) => ({
  forward: cut.graph,
  inputs: cutStage(cut, "inputs"),
  intermediates: cutStage(cut, "intermediates")
})

/** The forward graph of a stage that computes only, and both ways through one that learns. */
export type Halves = ReturnType<typeof halvesOf>

/** Every graph that a step runs, cut as its stages are. Fails: GraphError (thrown). */
export const stepGraphs = (model: TrunkModel, objective: { readonly kind: Kind; readonly squares: boolean }) => {
  const kinds = new Map<string, Halves & { readonly layers: Array<number> }>()
  const windows = new Set<number | undefined>()
  for (let layer = 0; layer < model.config.num_hidden_layers; layer++) {
    const kind = model.kindOf(layer)
    const found = kinds.get(kind)
    if (found) {
      found.layers.push(layer)
      continue
    }
    const cut = layerCut(model, layer)
    for (const window of cut.windows) windows.add(window)
    kinds.set(kind, { ...halvesOf(cut), layers: [layer] })
  }
  const embed = embedCut(model)
  return {
    masks: [...windows].map(maskGraph),
    embed: {
      forward: embed.graph,
      backward: embed.weights.length > 0 ? cutStage(embed, "inputs").backward : undefined
    },
    kinds,
    pick: { forward: pickCut(model).graph, backward: cutStage(pickCut(model), "inputs").backward },
    head: halvesOf(headCut(model, objective.kind, objective.squares))
  }
}

/** The graphs of a step. */
export type StepGraphs = ReturnType<typeof stepGraphs>

/** The graphs of the way there and back of a stage under a choice of what is kept. */
export const graphsOf = (halves: Halves, keep: Keep) => ({
  forward: keep === "inputs" ? halves.forward : halves.intermediates.forward,
  backward: halves[keep].backward
})
