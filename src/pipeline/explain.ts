import { Effect, Option } from "effect"
import { languageHeadParameters, type ModelConfig, models } from "../model/mod.ts"
import { type Cost, stages as table } from "../stage/mod.ts"
import { namedModels } from "./check/checkModels.ts"
import type { PhaseMemory } from "./explainMemory.ts"
import { explainPhases, readShape } from "./explainPhases.ts"
import type { CompiledPipeline, CompiledStage } from "./file/compile.ts"

/** The columns of every stage, and an upper bound of the cost. */
export interface Explanation {
  readonly name: string
  readonly stages: ReadonlyArray<Pick<CompiledStage, "name" | "before" | "after">>
  readonly reference: "initial" | "previous"
  readonly iterations: number
  /** Upper bounds for one iteration: a prompt may give no pair, a response may end early. */
  readonly perIteration: {
    readonly prompts: number
    readonly responses: number
    readonly tokens: number
    readonly pairs: number
    readonly optimizerSteps: number
  }
  readonly total: { readonly responses: number; readonly tokens: number; readonly optimizerSteps: number }
  /** Peak memory of every training phase, its examples all as long as may be; none without a `config.json`. */
  readonly memory: ReadonlyArray<PhaseMemory>
  readonly policy: { readonly folder: string; readonly parameters: number | undefined }
}

const countParameters = (config: ModelConfig): number => {
  const family = models[config.model_type as keyof typeof models] // as: readConfig has checked the name against the table
  return [...family.parameters(config), ...languageHeadParameters(config)].reduce(
    (total, { shape }) => total + shape.reduce((size, dim) => size * dim, 1),
    0
  )
}

const costOf = ({ name, step }: CompiledStage): Cost => {
  const stage: { readonly cost?: (parameters: never) => Cost } = table[name]
  const parameters = step[name] as never // as: the schema decoded the parameters of this stage
  return stage.cost?.(parameters) ?? { responsesPerRow: 0, newTokensPerRow: 0 }
}

/**
 * What a pipeline would do and cost, without opening a model or a file of prompts.
 *
 * Units    `budget`: bytes that a training phase has to stay within where its settings name no other number.
 */
export const explain = Effect.fn("explain")(function* (
  { file, stages, ...written }: CompiledPipeline,
  { budget }: { readonly budget?: number } = {}
) {
  const policy = namedModels({ file, stages, ...written })[0]?.folder ?? ""
  const shape = yield* readShape(policy)
  const prompts = file.prompts.perIteration
  const costs = stages.map(costOf)
  const responses = prompts * costs.reduce((sum, cost) => sum + cost.responsesPerRow, 0)
  const tokens = prompts * costs.reduce((sum, cost) => sum + cost.newTokensPerRow, 0)
  const optimizerSteps = Math.ceil(prompts / file.train.batchSize) * file.train.epochs
  return {
    name: file.name,
    stages: stages.map(({ after, before, name }) => ({ name, before, after })),
    reference: file.models.reference,
    iterations: file.iterations,
    perIteration: { prompts, responses, tokens, pairs: prompts, optimizerSteps },
    total: {
      responses: responses * file.iterations,
      tokens: tokens * file.iterations,
      optimizerSteps: optimizerSteps * file.iterations
    },
    policy: { folder: policy, parameters: Option.getOrUndefined(Option.map(shape, countParameters)) },
    memory: Option.isSome(shape) ? yield* explainPhases(file, { config: shape.value, budget }) : []
  } satisfies Explanation
})
