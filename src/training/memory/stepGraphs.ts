import type { Kind } from "../../checkpoint/mod.ts"
import type { Graph, Value } from "../../graph/mod.ts"
import { type Cut, cutStage, embedCut, headCut, layerCuts, maskGraph, type TrunkModel } from "../step/mod.ts"

/** The graphs of a stage: what computes, what computes and saves, and the way back, if there is one. */
export interface Halves {
  readonly forward: Graph
  readonly saving: Graph
  readonly backward: Graph | undefined
  readonly saved: ReadonlyArray<Value>
}

const halvesOf = (cut: Cut): Halves => {
  if (cut.through.length + cut.weights.length === 0) {
    return { forward: cut.graph, saving: cut.graph, backward: undefined, saved: [] }
  }
  const { backward, forward: saving, saved } = cutStage(cut)
  return { forward: cut.graph, saving, backward, saved }
}

/** Every graph that a step runs, cut as its stages are. Fails: GraphError (thrown). */
export const stepGraphs = (model: TrunkModel, objective: { readonly kind: Kind; readonly squares: boolean }) => {
  const kinds = new Map<
    string,
    { readonly before: Halves; readonly attention: Halves; readonly after: Halves; readonly layers: Array<number> }
  >()
  const windows = new Set<number | undefined>()
  for (let layer = 0; layer < model.config.num_hidden_layers; layer++) {
    const kind = model.kindOf(layer)
    const found = kinds.get(kind)
    if (found) {
      found.layers.push(layer)
      continue
    }
    const { after, attention, before, window } = layerCuts(model, layer)
    windows.add(window)
    kinds.set(kind, {
      before: halvesOf(before),
      attention: halvesOf(attention),
      after: halvesOf(after),
      layers: [layer]
    })
  }
  return {
    masks: [...windows].map(maskGraph),
    embed: halvesOf(embedCut(model)),
    kinds,
    head: halvesOf(headCut(model, objective.kind, objective.squares))
  }
}

/** The graphs of a step. */
export type StepGraphs = ReturnType<typeof stepGraphs>
