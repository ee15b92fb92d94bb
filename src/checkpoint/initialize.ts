import { Effect } from "effect"
import type { Parameter } from "../model/mod.ts"
import { key, normal, uniform } from "../random/mod.ts"
import { openShape, parametersOf } from "./openCheckpoint.ts"
import { writeCheckpoint } from "./writeCheckpoint.ts"

/**
 * A new weight, a pure function of its name and the seed.
 *
 * Source   transformers' initialisation: normal with standard deviation `initializer_range`, norms 1, biases 0; "uniform"
 *          is PEFT's for the half of an adapter that is not zero: within ±1/√in.
 */
export const drawWeight = (
  parameter: Parameter,
  options: { readonly seed: number; readonly deviation: number }
): Float32Array => {
  const data = new Float32Array(parameter.shape.reduce((product, size) => product * size, 1))
  if (parameter.start === "zeros") return data
  if (parameter.start === "ones") return data.fill(1)
  const own = key(options.seed, "initialize", parameter.name)
  if (parameter.start === "normal") return data.map((_, i) => options.deviation * normal(own, i))
  const bound = 1 / Math.sqrt(parameter.shape.at(-1) ?? 1)
  return data.map((_, i) => bound * (2 * uniform(own, i) - 1))
}

/**
 * Writes a model with random weights for a folder that holds only a config and a tokenizer.
 *
 * Fails    CheckpointError, ModelError, TextError, RuntimeError.
 */
export const initialize = Effect.fn("initialize")(function* (options: {
  readonly from: string
  readonly into: string
  readonly seed: number
}) {
  const { config, configFile, files } = yield* openShape(options.from)
  const { parameters } = parametersOf(config, "causal")
  const weights = new Map(
    parameters.map((parameter) => [
      parameter.name,
      {
        shape: parameter.shape,
        data: drawWeight(parameter, { seed: options.seed, deviation: config.initializer_range })
      }
    ])
  )
  return yield* writeCheckpoint({ into: options.into, kind: "causal", configFile, files, weights })
})
