import { Result } from "effect"
import type { ModelConfig } from "../model/mod.ts"
import { type MemoryExceeded, type MemoryPlan, type ObjectiveChoice, planLongest } from "../training/mod.ts"
import type { TrainSettings } from "./file/TrainSettings.ts"

/** Peak memory of a training phase. Units: bytes, tokens. */
export interface PhaseMemory {
  readonly phase: string
  /** The longest prompt with its response; all are taken to be as long where examples were not read. */
  readonly longest: number
  readonly peak: number
  /** What the peak has to stay within. */
  readonly budget?: number
  /** Layers that are computed a second time so that it does, of all that learn. */
  readonly recomputed?: number
  readonly layers?: number
  readonly parts: Readonly<Record<string, number>>
  /** Which length was assumed, where nothing names one. */
  readonly assumed?: string
  /** Why a run would be refused under its memory budget, and what would help; `peak` is then the least that is possible. */
  readonly refused?: string
}

/** A plan, or why there is none, as it is told. */
export const phaseMemory = (
  phase: string,
  plan: Result.Result<MemoryPlan, MemoryExceeded>,
  { budget, longest }: { readonly longest: number; readonly budget: number | undefined }
): PhaseMemory => {
  const told = { phase, longest, ...(budget === undefined ? {} : { budget }) }
  return Result.match(plan, {
    onSuccess: ({ kept, layers, parts, predicted }): PhaseMemory => ({
      ...told,
      peak: predicted,
      recomputed: layers - kept,
      layers,
      parts
    }),
    onFailure: (error): PhaseMemory => ({
      ...told,
      peak: error.predicted,
      parts: Object.fromEntries(error.parts.map(({ bytes, name }) => [name, bytes])),
      refused: error.message
    })
  })
}

/** A training phase that is explained. */
export interface ExplainedPhase {
  readonly phase: string
  readonly config: ModelConfig
  readonly objective: ObjectiveChoice
  readonly settings: Omit<TrainSettings, "turns">
  /** Whether π₀ is another model than the one the phase starts from. */
  readonly otherReference: boolean
  readonly heldOut?: boolean
  /** The longest example where they are there. Units: tokens. */
  readonly found?: number
}

/** Says of which length all examples were taken to be, where neither a setting nor data names one. */
const assumed = ({ refused, ...memory }: PhaseMemory): PhaseMemory => {
  const why = `all examples were taken to be ${memory.longest} tokens long, the context of the model: maxTokens names fewer`
  return refused === undefined ? { ...memory, assumed: why } : { ...memory, refused: `${refused}; ${why}` }
}

/** Predicts the peak memory of a phase from its settings, its examples all as long as may be. Units: budget in bytes. */
export const explainMemory = (
  {
    config,
    found = Number.MAX_SAFE_INTEGER,
    heldOut = false,
    objective,
    otherReference,
    phase,
    settings
  }: ExplainedPhase,
  budget: number | undefined
): PhaseMemory => {
  const { maxTokens = found, memoryBudget = budget, ...rest } = settings
  const longest = Math.min(maxTokens, config.max_position_embeddings)
  const within = memoryBudget === undefined ? {} : { memoryBudget }
  const plan = planLongest(config, { ...rest, ...within, objective, otherReference, heldOut, longest })
  // a loss that cannot be built is told where the file is read; here it has no memory
  const never = { phase, longest, peak: 0, parts: {} }
  return Result.match(plan, {
    onSuccess: (memory) => {
      const told = phaseMemory(phase, memory, { longest, budget: memoryBudget })
      return maxTokens === Number.MAX_SAFE_INTEGER ? assumed(told) : told
    },
    onFailure: ({ message }): PhaseMemory => ({ ...never, refused: message })
  })
}
