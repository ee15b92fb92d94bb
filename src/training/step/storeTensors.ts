import type { Tensor } from "../../runtime/mod.ts"
import type { ParameterStore } from "../ParameterStore.ts"
import { accumulatorNames, type TensorsByName } from "./Stage.ts"

/** The tensors of a store, and of weights beside it that are not trained, as stages look for them. */
export const storeTensors = (
  store: Pick<ParameterStore, "values" | "gradients">,
  frozen: ReadonlyMap<string, Tensor> = new Map()
): TensorsByName => {
  const tensors = new Map<string, Tensor>([...frozen, ...store.values])
  for (const [name, gradient] of store.gradients) {
    const { input, output } = accumulatorNames(name)
    tensors.set(input, gradient)
    tensors.set(output, gradient)
  }
  return tensors
}
