import { type Kind, parametersOf } from "../checkpoint/mod.ts"
import { type Lora, loraLinear, loraParameters, type ModelConfig, type Parameter } from "../model/mod.ts"
import { type TrunkModel, wholeModel } from "./step/mod.ts"

/** A model as a training sees it: which of its weights are trained, and which stay as they are. */
export interface TrainedModel {
  readonly model: TrunkModel
  /** All weights of the model itself. */
  readonly parameters: ReadonlyArray<Parameter>
  readonly trained: ReadonlyArray<Parameter>
  readonly frozen: ReadonlyArray<Parameter>
}

/** Which weights are trained, and which stay as they are: beside an adapter the new head of a reward model is trained too. */
const divide = (parameters: ReadonlyArray<Parameter>, kind: Kind, lora: Lora | undefined) => {
  if (!lora) return { parameters, trained: parameters, frozen: [] }
  const isHead = ({ name }: Parameter) => kind === "reward" && name === "score.weight"
  const added = [...loraParameters(parameters, lora), ...parameters.filter(isHead)]
  return { parameters, trained: added, frozen: parameters.filter((parameter) => !isHead(parameter)) }
}

/** The model of a training, without its weights. Units: contextLength in tokens. */
export const trainedModel = (options: {
  readonly config: ModelConfig
  readonly kind: Kind
  readonly lora?: Lora
  readonly contextLength: number
}): TrainedModel => {
  const { config, contextLength, kind, lora } = options
  const { family, parameters } = parametersOf(config, kind)
  const divided = divide(parameters, kind, lora)
  const whole = wholeModel({ family, config, contextLength }, [...divided.frozen, ...divided.trained])
  const trained = new Set(divided.trained.map(({ name }) => name))
  return { ...divided, model: { ...whole, trained, ...(lora ? { linearOf: loraLinear(lora) } : {}) } }
}
