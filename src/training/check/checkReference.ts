import { Effect } from "effect"
import { openShape } from "../../checkpoint/mod.ts"
import type { ModelConfig } from "../../model/mod.ts"
import { ReferenceConfigDiffers } from "../errors.ts"

/** Keys that change no log-probability: how far a model was meant to read, and how fresh weights are drawn. */
const harmless = new Set(["max_position_embeddings", "initializer_range"])

/** The keys of a `config.json` that change what a model says, each with its value as JSON. */
const settingsOf = ({ rope_scaling, sliding, softcapping, ...plain }: ModelConfig): ReadonlyMap<string, string> => {
  const scaling = Object.entries(rope_scaling ?? {}).map(([key, value]) => [`rope_scaling.${key}`, value] as const)
  const all = [...Object.entries({ ...plain, ...sliding, ...softcapping }), ...scaling]
  return new Map(all.flatMap(([key, value]) => (harmless.has(key) ? [] : [[key, JSON.stringify(value)] as const])))
}

/**
 * Whether a reference computes as the model that is trained does: it runs through the graphs of that model.
 *
 * Fails    ReferenceConfigDiffers for the first key that differs; CheckpointError, ModelError, TextError.
 */
export const checkReference = Effect.fnUntraced(function* (folder: string, trained: ModelConfig) {
  const { config } = yield* openShape(folder)
  const [found, wanted] = [settingsOf(config), settingsOf(trained)]
  const key = [...new Set([...wanted.keys(), ...found.keys()])].find((each) => found.get(each) !== wanted.get(each))
  if (key === undefined) return
  return yield* new ReferenceConfigDiffers({
    reference: folder,
    key,
    found: found.get(key) ?? "absent",
    wanted: wanted.get(key) ?? "absent"
  })
})
