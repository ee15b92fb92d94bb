import { Effect, FileSystem, Option, Path } from "effect"
import { type ModelConfig, models, readConfig } from "../model/mod.ts"
import { explainMemory, type ExplainedPhase, type PhaseMemory } from "./explainMemory.ts"
import type { PipelineFile } from "./file/PipelineFile.ts"
import type { TrainSettings } from "./file/TrainSettings.ts"
import { longestExample } from "./longestExample.ts"

/** The model folder that the policy has its shape from, and what its `config.json` says. */
interface Shape {
  readonly folder: string
  readonly config: ModelConfig
}

/** What `config.json` says; none when it cannot be read. */
export const readShape = Effect.fnUntraced(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const path = join(folder, "config.json")
  const text = yield* files.readFileString(path)
  const config = yield* Effect.fromResult(readConfig({ path, text, known: Object.keys(models) }))
  return config
}, Effect.option)

/** What is known of the length of examples that are there already; a setting that names it is enough. */
const foundIn = Effect.fnUntraced(function* (
  settings: Pick<TrainSettings, "maxTokens" | "lengthPolicy">,
  data: Omit<Parameters<typeof longestExample>[0], "lengthPolicy">
) {
  if (settings.maxTokens !== undefined) return {}
  const longest = yield* longestExample({ ...data, lengthPolicy: settings.lengthPolicy })
  return Option.match(longest, { onNone: () => ({}), onSome: (found) => ({ found }) })
})

const supervised = Effect.fnUntraced(function* ({ models: { policy } }: PipelineFile, config: ModelConfig) {
  if (typeof policy === "string") return []
  const { data: source, from, turns: _turns, ...settings } = policy.sft
  const folder = typeof from === "string" ? from : from.random
  const found = yield* foundIn(settings, { folder, source, kind: "demonstrations" })
  const phase: ExplainedPhase = {
    ...found,
    phase: "models/sft",
    config,
    objective: { sft: {} },
    settings,
    otherReference: false
  }
  return [phase]
})

/** The training of the reward model; none where its own shape cannot be read. */
const reward = Effect.fnUntraced(function* ({ models: { reward: given } }: PipelineFile, policy: Shape) {
  if (typeof given === "string" || given.bradleyTerry === undefined) return []
  const { centering, data: source, from, margin, ...settings } = given.bradleyTerry
  const folder = from === "policy" ? policy.folder : from
  const config = from === "policy" ? Option.some(policy.config) : yield* readShape(from)
  if (Option.isNone(config)) return []
  const found = yield* foundIn(settings, { folder, source, kind: "preferences" })
  const phase: ExplainedPhase = {
    ...found,
    phase: "models/reward",
    config: config.value,
    objective: { bradleyTerry: { margin, centering } },
    settings,
    otherReference: false
  }
  return [phase]
})

const loop = Effect.fnUntraced(function* (
  { baseline, iterations, models: { reference }, train }: PipelineFile,
  { config, folder }: Shape
) {
  const { loss: objective, ...settings } = train
  const phase = { config, objective, settings }
  // the first iteration starts from π₀ itself
  const otherReference = reference === "initial" && iterations > 1
  const phases: Array<ExplainedPhase> = [{ ...phase, phase: "iteration-t/policy", otherReference }]
  if (baseline) {
    const found = yield* foundIn(settings, { folder, source: baseline.offlineDpo.data, kind: "preferences" })
    phases.push({ ...phase, ...found, phase: "baseline/policy", otherReference: false })
  }
  return phases
})

/** Predicts the peak memory of every training phase of a pipeline, in the order in which they run. Units: budget in bytes. */
export const explainPhases = Effect.fn("explainPhases")(function* (
  file: PipelineFile,
  options: Shape & { readonly budget: number | undefined }
) {
  const { budget, config } = options
  const phases = [
    ...(yield* supervised(file, config)),
    ...(yield* reward(file, options)),
    ...(yield* loop(file, options))
  ]
  return phases.map((phase): PhaseMemory => explainMemory(phase, budget))
})
