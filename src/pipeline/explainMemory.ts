import { Result } from "effect"
import { type Kind, parametersOf } from "../checkpoint/mod.ts"
import type { ModelConfig } from "../model/mod.ts"
import { optimizerOf, planMemory, wholeModel } from "../training/mod.ts"
import type { TrainSettings } from "./file/TrainSettings.ts"

/** Peak memory of a training phase whose examples are all as long as may be. Units: bytes, tokens. */
export interface PhaseMemory {
  readonly phase: string
  readonly longest: number
  readonly peak: number
  readonly parts: Readonly<Record<string, number>>
}

/** Predicts the peak memory of a phase from its settings: `responses` to a prompt share a row. */
export const explainMemory = (
  phase: string,
  options: {
    readonly config: ModelConfig
    readonly kind: Kind
    readonly responses: number
    readonly settings: Pick<TrainSettings, "optimizer" | "maxTokens" | "microBatchSize">
  }
): ReadonlyArray<PhaseMemory> => {
  const { config, kind, responses, settings } = options
  const longest = Math.min(settings.maxTokens ?? Number.MAX_SAFE_INTEGER, config.max_position_embeddings)
  const { family, parameters } = parametersOf(config, kind)
  const rows = settings.microBatchSize
  const tokens = responses * longest
  const plan = planMemory({
    model: wholeModel({ family, config, contextLength: tokens }, parameters),
    trained: parameters,
    frozen: [],
    moments: optimizerOf(settings.optimizer).moments.length,
    kind,
    squares: false,
    blocks: [{ rows, tokens, selected: kind === "causal" ? rows * tokens : rows * responses }]
  })
  return Result.match(plan, {
    onSuccess: ({ parts, predicted }) => [{ phase, longest, peak: predicted, parts }],
    onFailure: () => []
  })
}
