import type { Ops } from "../../graph/mod.ts"
import { type Linear, type Parameter, type ParameterOf, plainLinear, type SequenceModel } from "../../model/mod.ts"

/** A model as the stages of a step see it. */
export interface TrunkModel extends SequenceModel {
  /** The shape of every weight by its name. */
  readonly shapes: ReadonlyMap<string, ReadonlyArray<number>>
  /** The weights that get a gradient. */
  readonly trained: ReadonlySet<string>
  /** How linear layers are built: as they are, or with an adapter beside them. */
  readonly linearOf: (op: Ops, parameterOf: ParameterOf) => Linear
  /** Layers of one kind share a graph. */
  readonly kindOf: (layer: number) => string
}

/** The stages' view of a model whose weights are all trained as they are. */
export const wholeModel = (model: SequenceModel, parameters: ReadonlyArray<Parameter>): TrunkModel => ({
  ...model,
  shapes: new Map(parameters.map(({ name, shape }) => [name, shape])),
  trained: new Set(parameters.map(({ name }) => name)),
  linearOf: plainLinear,
  kindOf: (layer) => model.family.layerKind?.(model.config, layer) ?? "layer"
})
