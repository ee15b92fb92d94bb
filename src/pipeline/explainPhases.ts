import { Effect, FileSystem, Option, Path } from "effect"
import { type ModelConfig, models, readConfig } from "../model/mod.ts"
import { explainMemory, type ExplainedPhase, type PhaseMemory } from "./explainMemory.ts"
import type { PipelineFile } from "./file/PipelineFile.ts"

/** What `config.json` says; none when it cannot be read. */
export const readShape = Effect.fnUntraced(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const path = join(folder, "config.json")
  const text = yield* files.readFileString(path)
  const config = yield* Effect.fromResult(readConfig({ path, text, known: Object.keys(models) }))
  return config
}, Effect.option)

const supervised = ({ models: { policy } }: PipelineFile, config: ModelConfig): ReadonlyArray<ExplainedPhase> => {
  if (typeof policy === "string") return []
  const { data: _, from: _from, turns: _turns, ...settings } = policy.sft
  return [{ phase: "models/sft", config, objective: { sft: {} }, settings, otherReference: false }]
}

/** The training of the reward model; none where its own shape cannot be read. */
const reward = Effect.fnUntraced(function* ({ models: { reward: given } }: PipelineFile, policy: ModelConfig) {
  if (typeof given === "string" || given.bradleyTerry === undefined) return []
  const { centering, data: _, from, margin, ...settings } = given.bradleyTerry
  const config = from === "policy" ? Option.some(policy) : yield* readShape(from)
  const objective = { bradleyTerry: { margin, centering } }
  return Option.toArray(config).map((shape): ExplainedPhase => ({
    phase: "models/reward",
    config: shape,
    objective,
    settings,
    otherReference: false
  }))
})

const loop = ({ baseline, iterations, models: { reference }, train }: PipelineFile, config: ModelConfig) => {
  const { loss: objective, ...settings } = train
  const phase = { config, objective, settings }
  // the first iteration starts from π₀ itself
  const otherReference = reference === "initial" && iterations > 1
  return [
    { ...phase, phase: "iteration-t/policy", otherReference },
    ...(baseline ? [{ ...phase, phase: "baseline/policy", otherReference: false }] : [])
  ] satisfies ReadonlyArray<ExplainedPhase>
}

/** Predicts the peak memory of every training phase of a pipeline, in the order in which they run. Units: budget in bytes. */
export const explainPhases = Effect.fn("explainPhases")(function* (
  file: PipelineFile,
  options: { readonly config: ModelConfig; readonly budget: number | undefined }
) {
  const { budget, config } = options
  const phases = [...supervised(file, config), ...(yield* reward(file, config)), ...loop(file, config)]
  return phases.map((phase): PhaseMemory => explainMemory(phase, budget))
})
