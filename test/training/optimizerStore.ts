import {
  makeParameterStore,
  type Optimizer,
  type OptimizerChoice,
  type ParameterStore
} from "../../src/training/mod.ts"

/** One of each, all their terms at work. */
export const choices: ReadonlyArray<OptimizerChoice> = [
  { adamW: { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 } },
  { rmsProp: { learningRate: 0.1, alpha: 0.75, momentum: 0, epsilon: 1e-8, weightDecay: 0.1 } },
  { rmsProp: { learningRate: 0.1, alpha: 0.75, momentum: 0.5, epsilon: 1e-8, weightDecay: 0.1 } },
  { lion: { learningRate: 0.1, beta1: 0.5, beta2: 0.75, weightDecay: 0.1 } }
]

export const told = (choice: OptimizerChoice) => JSON.stringify(choice)

export const storeOf = (
  shapes: Readonly<Record<string, ReadonlyArray<number>>>,
  load: (name: string) => Float32Array,
  optimizer: Optimizer
) =>
  makeParameterStore({
    parameters: Object.entries(shapes).map(([name, shape]) => ({ name, shape, start: "normal" as const })),
    load,
    moments: optimizer.moments.length
  })

export const setGradient = (store: ParameterStore, name: string, values: ArrayLike<number>) => {
  const data = store.gradients.get(name)?.data
  if (!(data instanceof Float32Array)) throw new RangeError(`No gradient "${name}" in the store`)
  data.set(values)
}
