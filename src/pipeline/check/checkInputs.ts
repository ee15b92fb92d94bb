import { Effect } from "effect"
import type { Demonstration, Preference, Prompt } from "../../../schemas/mod.ts"
import type { Example, StoredExamples } from "../../training/mod.ts"
import type { FoundSource } from "../data/mod.ts"
import { InputsInvalid, PipelineError } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import type { KeyPath } from "../file/parseYaml.ts"
import type { Source } from "../file/Source.ts"
import { hashSequence } from "../store/hash.ts"
import { checkData } from "./checkData.ts"
import { checkFromReference } from "./checkFromReference.ts"
import { checkAdapters } from "./checkTargets.ts"
import { checkModels } from "./checkModels.ts"
import { checkServers } from "./checkServers.ts"
import { checkPrompts, type PromptRows } from "./checkPrompts.ts"

/** Rows that are read when they are wanted, and a hash of all of them. */
export interface HashedRows<A extends Example> extends StoredExamples<A> {
  readonly hash: string
}

/** A pipeline whose files were read and whose models were looked at: nothing is left that a person has to correct. */
export interface CheckedPipeline extends CompiledPipeline {
  /** Training prompts, where they lie. */
  readonly prompts: PromptRows
  readonly validation: ReadonlyArray<Prompt>
  /** Prompts that no choice sees. */
  readonly test: ReadonlyArray<Prompt>
  /** Prompts left out because they leave no room for a response. */
  readonly overlong: number
  readonly demonstrations: HashedRows<Demonstration>
  readonly preferences: HashedRows<Preference>
  readonly offline: StoredExamples<Preference>
  /** Tokens. */
  readonly contextLength: number
  /** What was found where the file says that data lies. */
  readonly sources: ReadonlyArray<FoundSource>
}

const longest = ({ file, stages }: CompiledPipeline): number =>
  Math.max(...stages.map(({ step }) => step.sample?.maxNewTokens ?? 0), file.evaluate.maxNewTokens ?? 0)

/**
 * Reads every file that a pipeline names and looks at every model, without loading weights.
 *
 * Fails    PipelineError: InputsInvalid with everything that is wrong.
 */
export const checkInputs = Effect.fn("checkInputs")(function* (pipeline: CompiledPipeline) {
  const { file } = pipeline
  const { baseline, evaluate, models, prompts } = file
  const sft = typeof models.policy === "string" ? undefined : models.policy.sft
  const bradleyTerry = typeof models.reward === "string" ? undefined : models.reward.bradleyTerry
  const shapes = yield* checkModels(pipeline)
  const contextLength = shapes.policy?.config.max_position_embeddings ?? 0
  const room = shapes.policy && {
    tokenizer: shapes.policy.tokenizer,
    contextLength,
    maxNewTokens: longest(pipeline)
  }
  const fit = (key: KeyPath, source: Source, onPrompt?: (prompt: Prompt) => void) =>
    checkPrompts(pipeline, { key, source, room, overlong: prompts.overlong, ...(onPrompt ? { onPrompt } : {}) })
  // those that every version is asked are held
  const validation: Array<Prompt> = []
  const test: Array<Prompt> = []
  const asked = yield* fit(["prompts"], prompts)
  const held = yield* fit(["evaluate", "prompts"], evaluate.prompts, (prompt) => validation.push(prompt))
  const untouched =
    evaluate.test === undefined
      ? undefined
      : yield* fit(["evaluate", "test"], evaluate.test, (prompt) => test.push(prompt))
  const [demonstrationsHash, preferencesHash] = [hashSequence(), hashSequence()]
  const demonstrations = yield* checkData(pipeline, {
    see: demonstrationsHash.add,
    kinds: ["demonstrations"],
    key: ["models", "policy", "sft", "data"],
    source: sft?.data
  })
  const preferences = yield* checkData(pipeline, {
    see: preferencesHash.add,
    kinds: ["preferences"],
    key: ["models", "reward", "bradleyTerry", "data"],
    source: bradleyTerry?.data
  })
  const fromReference = checkFromReference(pipeline)
  const offline = yield* checkData(pipeline, {
    see: fromReference.see,
    kinds: ["preferences"],
    key: ["baseline", "offlineDpo", "data"],
    source: baseline?.offlineDpo.data
  })
  const read = [asked, demonstrations, preferences, held, offline, ...(untouched ? [untouched] : [])]
  const issues = [
    ...shapes.issues,
    ...(yield* checkServers(pipeline)),
    ...(shapes.policy ? checkAdapters(pipeline, shapes.policy.config) : []),
    ...read.flatMap((data) => data.issues),
    ...fromReference.issues()
  ]
  if (issues.length > 0) {
    return yield* new PipelineError({ action: "check", what: file.name, reason: new InputsInvalid({ issues }) })
  }
  return {
    ...pipeline,
    prompts: asked,
    validation,
    test,
    overlong: asked.overlong + held.overlong + (untouched?.overlong ?? 0),
    demonstrations: { ...demonstrations, hash: demonstrationsHash.digest() },
    preferences: { ...preferences, hash: preferencesHash.digest() },
    offline,
    contextLength,
    sources: read.flatMap((data) => data.found)
  } satisfies CheckedPipeline
})
