import { Effect, FileSystem, Option, Schema } from "effect"
import { loadFloat32, readSafetensors, writeSafetensors } from "../runtime/mod.ts"
import type { StoreState } from "./ParameterStore.ts"

/** What the numbers of a training run depend on besides weights and moments. */
export const Counters = Schema.Struct({
  /** Hash of data and settings. */
  fingerprint: Schema.String,
  /** Optimizer steps taken. */
  step: Schema.Int,
  /** Units: tokens seen. */
  seen: Schema.Finite,
  runningReward: Schema.Finite,
  /** The lowest loss on held-out examples, where it was, and how many evaluations ago. */
  best: Schema.optionalKey(Schema.Struct({ step: Schema.Int, loss: Schema.Finite, ago: Schema.Int }))
})
export type Counters = typeof Counters.Type

/** A training run between two steps. */
export interface TrainState {
  readonly counters: Counters
  readonly store: StoreState
  readonly bestWeights?: Float32Array
}

const CountersText = Schema.fromJsonString(Counters)
const vector = (data: Float32Array) => ({ dtype: "F32" as const, shape: [data.length], data })

/**
 * Writes the state of a training run; the file is the old one or the new one, never a part.
 *
 * Fails    RuntimeError.
 */
export const writeTrainState = Effect.fn("writeTrainState")(function* (file: string, state: TrainState) {
  const { weights, moments } = state.store
  const tensors = {
    weights: vector(weights),
    ...Object.fromEntries(moments.map((moment, i) => [`moment.${i}`, vector(moment)])),
    ...(state.bestWeights ? { best: vector(state.bestWeights) } : {})
  }
  yield* writeSafetensors(file, tensors, { counters: JSON.stringify(state.counters) })
})

/**
 * The state that an earlier run left; none when there is none, or when it cannot be read.
 *
 * Fails    RuntimeError when the file ends early.
 */
export const readTrainState = Effect.fn("readTrainState")(function* (file: string) {
  const files = yield* FileSystem.FileSystem
  if (!(yield* Effect.orElseSucceed(files.exists(file), () => false))) return Option.none<TrainState>()
  const { metadata, entries } = yield* readSafetensors(file)
  const counters = Schema.decodeUnknownOption(CountersText)(metadata["counters"])
  if (Option.isNone(counters)) return Option.none<TrainState>()
  const load = (name: string) => {
    const entry = entries.get(name)
    return entry ? loadFloat32(entry) : Effect.succeed(new Float32Array())
  }
  const names = [...entries.keys()].filter((name) => name.startsWith("moment.")).toSorted()
  const state: TrainState = {
    counters: counters.value,
    store: { weights: yield* load("weights"), moments: yield* Effect.forEach(names, load) },
    ...(entries.has("best") ? { bestWeights: yield* load("best") } : {})
  }
  return Option.some(state)
})
