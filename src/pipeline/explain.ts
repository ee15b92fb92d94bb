import { Effect, Option } from "effect"
import { languageHeadParameters, type ModelConfig, models } from "../model/mod.ts"
import { plainUrl } from "../remote/mod.ts"
import { askedOfPersons, type AskedOfPersons } from "./askedOfPersons.ts"
import { namedModels } from "./check/checkModels.ts"
import { costOfRow } from "./costOfRow.ts"
import { type CacheMemory, explainCache } from "./explainCache.ts"
import type { PhaseMemory } from "./explainMemory.ts"
import { type ExplainedSource, explainSources } from "./explainSources.ts"
import { explainPhases, readShape } from "./explainPhases.ts"
import type { CompiledPipeline, CompiledStage } from "./file/compile.ts"
import type { PipelineFile } from "./file/PipelineFile.ts"
import { type NamedServer, serversOf } from "./file/serversOf.ts"

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
    readonly comparisons: number
    readonly pairs: number
    readonly optimizerSteps: number
  }
  readonly total: { readonly responses: number; readonly tokens: number; readonly optimizerSteps: number }
  /** What persons are asked, where they are the preference. */
  readonly persons: AskedOfPersons | undefined
  /** Peak memory of every training phase, its examples all as long as may be; none without a `config.json`. */
  readonly memory: ReadonlyArray<PhaseMemory>
  /** Of keys and values while responses are drawn here; none without a `config.json`. */
  readonly cache: CacheMemory | undefined
  readonly policy: { readonly folder: string; readonly parameters: number | undefined }
  /** What lies where the file says that data are. */
  readonly sources: ReadonlyArray<ExplainedSource>
  /** Servers that are asked, and for what; of the sampler, whose weights answer. */
  readonly servers: ReadonlyArray<{
    readonly what: NamedServer["what"]
    readonly url: string
    readonly model: string | undefined
    readonly weights: "asServed" | "updateFromDisk" | undefined
  }>
}

const shownServers = (file: PipelineFile): Explanation["servers"] =>
  serversOf(file).map(({ endpoint, model, what }) => ({
    what,
    url: plainUrl(endpoint.url),
    model,
    weights: what === "sampler" ? file.sampler?.openAi.weights : undefined
  }))

const countParameters = (config: ModelConfig): number => {
  const family = models[config.model_type as keyof typeof models] // as: readConfig has checked the name against the table
  return [...family.parameters(config), ...languageHeadParameters(config)].reduce(
    (total, { shape }) => total + shape.reduce((size, dim) => size * dim, 1),
    0
  )
}

/**
 * What a pipeline would do and cost, without opening a model or a file of prompts; examples are read where a phase has them and
 * no setting says how long they may be.
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
  const perPrompt = costOfRow(stages)
  const [responses, tokens] = [prompts * perPrompt.responses, prompts * perPrompt.tokens]
  const [comparisons, pairs] = [prompts * perPrompt.comparisons, prompts * perPrompt.pairs]
  const optimizerSteps = Math.ceil(pairs / file.train.batchSize) * file.train.epochs
  return {
    name: file.name,
    stages: stages.map(({ after, before, name }) => ({ name, before, after })),
    reference: file.models.reference,
    iterations: file.iterations,
    perIteration: { prompts, responses, tokens, comparisons, pairs, optimizerSteps },
    total: {
      responses: responses * file.iterations,
      tokens: tokens * file.iterations,
      optimizerSteps: optimizerSteps * file.iterations
    },
    policy: { folder: policy, parameters: Option.getOrUndefined(Option.map(shape, countParameters)) },
    sources: yield* explainSources(file),
    servers: shownServers(file),
    persons: askedOfPersons({ file, stages }),
    cache: Option.getOrUndefined(Option.map(shape, (config) => explainCache(file, config))),
    memory: Option.isSome(shape) ? yield* explainPhases(file, { folder: policy, config: shape.value, budget }) : []
  } satisfies Explanation
})
