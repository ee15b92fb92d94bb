import { Result } from "effect"
import { type Kind, parametersOf } from "../checkpoint/mod.ts"
import { loraLinear, loraParameters, type ModelConfig, rowParts } from "../model/mod.ts"
import { optimizerOf, planMemory, wholeModel } from "../training/mod.ts"
import type { TrainSettings } from "./file/TrainSettings.ts"

/** Peak memory of a training phase whose examples are all as long as may be. Units: bytes, tokens. */
export interface PhaseMemory {
  readonly phase: string
  readonly longest: number
  readonly peak: number
  readonly parts: Readonly<Record<string, number>>
  /** Why a run would be refused under its memory budget, and what would help; `peak` is then the least that is possible. */
  readonly refused?: string
}

/** Predicts the peak memory of a phase from its settings: `responses` to a prompt share a row. */
export const explainMemory = (
  phase: string,
  options: {
    readonly config: ModelConfig
    readonly kind: Kind
    readonly responses: number
    readonly settings: Pick<TrainSettings, "optimizer" | "maxTokens" | "microBatchSize" | "memoryBudget" | "lora">
  }
): PhaseMemory => {
  const { config, kind, responses, settings } = options
  const { lora, memoryBudget, microBatchSize: rows } = settings
  const longest = Math.min(settings.maxTokens ?? Number.MAX_SAFE_INTEGER, config.max_position_embeddings)
  const { family, parameters } = parametersOf(config, kind)
  const tokens = Math.ceil((responses * longest) / rowParts) * rowParts
  const trained = lora ? loraParameters(parameters, lora) : parameters
  const frozen = lora ? parameters : []
  const plan = planMemory({
    model: {
      ...wholeModel({ family, config, contextLength: tokens }, [...frozen, ...trained]),
      trained: new Set(trained.map(({ name }) => name)),
      ...(lora ? { linearOf: loraLinear(lora) } : {})
    },
    trained,
    frozen,
    moments: optimizerOf(settings.optimizer).moments.length,
    kind,
    squares: false,
    strips: [
      {
        size: rows * tokens,
        bands: [{ from: 0, rows, tokens, prefix: { from: 0, tokens: 0 } }],
        selected: kind === "causal" ? rows * tokens : rows * responses
      }
    ],
    ...(memoryBudget === undefined ? {} : { budget: memoryBudget })
  })
  return Result.match(plan, {
    onSuccess: ({ parts, predicted }): PhaseMemory => ({ phase, longest, peak: predicted, parts }),
    onFailure: (error): PhaseMemory => ({
      phase,
      longest,
      peak: error.predicted,
      parts: Object.fromEntries(error.parts.map(({ bytes, name }) => [name, bytes])),
      refused: error.message
    })
  })
}
