import { Effect } from "effect"
import type { Demonstration, Preference, Prompt } from "../../../schemas/mod.ts"
import { InputsInvalid, type Issue, PipelineError } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"
import { checkData } from "./checkData.ts"
import { checkAdapters } from "./checkTargets.ts"
import { checkModels } from "./checkModels.ts"
import { fitPrompts } from "./fitPrompts.ts"

/** A pipeline whose files were read and whose models were looked at: nothing is left that a person has to correct. */
export interface CheckedPipeline extends CompiledPipeline {
  readonly prompts: ReadonlyArray<Prompt>
  readonly validation: ReadonlyArray<Prompt>
  /** Prompts that no choice sees. */
  readonly test: ReadonlyArray<Prompt>
  /** Prompts left out because they leave no room for a response. */
  readonly overlong: number
  readonly demonstrations: ReadonlyArray<Demonstration>
  readonly preferences: ReadonlyArray<Preference>
  readonly offline: ReadonlyArray<Preference>
  /** Tokens. */
  readonly contextLength: number
}

const longest = ({ file, stages }: CompiledPipeline): number =>
  Math.max(...stages.map(({ step }) => step.sample?.maxNewTokens ?? 0), file.evaluate.maxNewTokens ?? 0)

/** The most examples of one kind of problem that are listed. */
const listed = 5

const shorten = (problems: ReadonlyArray<string>): ReadonlyArray<string> =>
  problems.length > listed
    ? [...problems.slice(0, listed), `and ${problems.length - listed} more like these`]
    : problems

/**
 * Reads every file that a pipeline names and looks at every model, without loading weights.
 *
 * Fails    PipelineError: InputsInvalid with everything that is wrong.
 */
export const checkInputs = Effect.fn("checkInputs")(function* (pipeline: CompiledPipeline) {
  const { at, file } = pipeline
  const { baseline, evaluate, models, prompts } = file
  const sft = typeof models.policy === "string" ? undefined : models.policy.sft
  const bradleyTerry = typeof models.reward === "string" ? undefined : models.reward.bradleyTerry
  const shapes = yield* checkModels(pipeline)
  const asked = yield* checkData(pipeline, { kind: "prompts", key: ["prompts"], source: prompts })
  const validation = yield* checkData(pipeline, {
    kind: "prompts",
    key: ["evaluate", "prompts"],
    source: evaluate.prompts
  })
  const untouched = yield* checkData(pipeline, { kind: "prompts", key: ["evaluate", "test"], source: evaluate.test })
  const demonstrations = yield* checkData(pipeline, {
    kind: "demonstrations",
    key: ["models", "policy", "sft", "data"],
    source: sft?.data
  })
  const preferences = yield* checkData(pipeline, {
    kind: "preferences",
    key: ["models", "reward", "bradleyTerry", "data"],
    source: bradleyTerry?.data
  })
  const offline = yield* checkData(pipeline, {
    kind: "preferences",
    key: ["baseline", "offlineDpo", "data"],
    source: baseline?.offlineDpo.data
  })
  const issues: Array<Issue> = [
    ...shapes.issues,
    ...(shapes.policy ? checkAdapters(pipeline, shapes.policy.config) : []),
    ...[asked, demonstrations, preferences, validation, untouched, offline].flatMap((data) => data.issues)
  ]
  const contextLength = shapes.policy?.config.max_position_embeddings ?? 0
  const fit = (found: ReadonlyArray<Prompt>, key: KeyPath) => {
    if (!shapes.policy) return { kept: found, overlong: 0 }
    const { kept, problems } = fitPrompts(found, {
      tokenizer: shapes.policy.tokenizer,
      contextLength,
      maxNewTokens: longest(pipeline)
    })
    if (prompts.overlong === "error" || kept.length === 0) {
      const advice = problems.length === 0 ? [] : ['shorten them, or set prompts.overlong to "drop"']
      issues.push(...[...shorten(problems), ...advice].map((detail) => ({ at: at(key), key: dotted(key), detail })))
    }
    return { kept, overlong: problems.length }
  }
  const training = fit(asked.rows, ["prompts"])
  const held = fit(validation.rows, ["evaluate", "prompts"])
  const test = evaluate.test === undefined ? { kept: [], overlong: 0 } : fit(untouched.rows, ["evaluate", "test"])
  if (issues.length > 0) {
    return yield* new PipelineError({ action: "check", what: file.name, reason: new InputsInvalid({ issues }) })
  }
  return {
    ...pipeline,
    prompts: training.kept,
    validation: held.kept,
    test: test.kept,
    overlong: training.overlong + held.overlong + test.overlong,
    demonstrations: demonstrations.rows,
    preferences: preferences.rows,
    offline: offline.rows,
    contextLength
  } satisfies CheckedPipeline
})
