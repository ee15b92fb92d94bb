import { Effect, Result } from "effect"
import type { Parameter, StoredWeight } from "../model/mod.ts"
import { readCheckpointFiles, type SafetensorsEntry } from "../runtime/mod.ts"
import { CheckpointError, WeightMissing, WeightShape, WeightType } from "./errors.ts"

const storedTypes = { F32: "float32", F16: "float16", BF16: "bfloat16" } as const

const checkWeight = (
  entry: SafetensorsEntry | undefined,
  name: string,
  shape: ReadonlyArray<number>,
  found: number
): Result.Result<StoredWeight, WeightMissing | WeightShape | WeightType> => {
  if (!entry) return Result.fail(new WeightMissing({ name, shape, found }))
  if (entry.shape.length !== shape.length || entry.shape.some((size, i) => size !== shape[i])) {
    return Result.fail(new WeightShape({ name, found: entry.shape, wanted: shape }))
  }
  const type = storedTypes[entry.dtype as keyof typeof storedTypes] as
    | (typeof storedTypes)[keyof typeof storedTypes]
    | undefined // as: any dtype may be stored
  if (!type) return Result.fail(new WeightType({ name, found: entry.dtype }))
  return Result.succeed({ location: entry.file, type, shape, offset: entry.offset, length: entry.length })
}

/**
 * Where each of some weights lies in a model folder, every one with the shape that is wanted.
 *
 * `nameOf` gives the name that a weight is stored under; the result has the wanted names.
 *
 * Fails    CheckpointError: WeightMissing, WeightShape, WeightType; RuntimeError.
 */
export const findWeights = Effect.fnUntraced(function* (
  folder: string,
  parameters: ReadonlyArray<Pick<Parameter, "name" | "shape">>,
  nameOf: (name: string, stored: ReadonlyMap<string, SafetensorsEntry>) => string = (name) => name
) {
  const entries = yield* readCheckpointFiles(folder)
  const weights = new Map<string, StoredWeight>()
  for (const { name, shape } of parameters) {
    const stored = nameOf(name, entries)
    const weight = yield* Effect.fromResult(
      Result.mapError(
        checkWeight(entries.get(stored), stored, shape, entries.size),
        (reason) => new CheckpointError({ action: "open", folder, reason })
      )
    )
    weights.set(name, weight)
  }
  return weights
})
