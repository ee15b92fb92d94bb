import { Effect } from "effect"
import { type Checkpoint, drawWeight } from "../checkpoint/mod.ts"
import type { Parameter } from "../model/mod.ts"
import { loadFloat32, readCheckpointFiles } from "../runtime/mod.ts"
import { WeightNotFinite } from "./errors.ts"

/** The first number among weights that is none, or undefined. */
export const firstNotFinite = (name: string, data: Float32Array): WeightNotFinite | undefined => {
  for (let place = 0; place < data.length; place++) {
    const found = data[place] ?? 0
    if (!Number.isFinite(found)) return new WeightNotFinite({ name, place, found: String(found) })
  }
  return undefined
}

/**
 * The weights of a checkpoint by their names, fresh ones where it has none.
 *
 * Fails    RuntimeError, WeightNotFinite.
 */
export const loadWeights = Effect.fnUntraced(function* (
  checkpoint: Pick<Checkpoint, "folder" | "config">,
  parameters: ReadonlyArray<Parameter>,
  seed: number
) {
  const entries = yield* readCheckpointFiles(checkpoint.folder)
  const loaded = new Map<string, Float32Array>()
  for (const parameter of parameters) {
    const { name } = parameter
    const entry = entries.get(name)
    const fresh = { seed, deviation: checkpoint.config.initializer_range }
    const data = entry ? yield* loadFloat32(entry) : drawWeight(parameter, fresh)
    const broken = firstNotFinite(name, data)
    if (broken) return yield* broken
    loaded.set(name, data)
  }
  return loaded
})
