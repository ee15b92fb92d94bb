import { Effect } from "effect"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import { evaluateVersion } from "./evaluateVersion.ts"
import type { RewardVersion } from "./rewardOf.ts"
import type { Result } from "./Results.ts"

/**
 * π₀, the baseline and the selected policy, each once, on the test prompts: no choice has seen them, and none follows.
 *
 * Domain   `rows` begin with π₀; without test prompts there is nothing to measure.
 * Fails    PipelineError, StepFailed, SamplerError, ScorerError, ArrowError.
 */
export const testVersions = Effect.fn("testVersions")(function* (
  pipeline: CheckedPipeline,
  options: {
    readonly rows: readonly [Result, ...ReadonlyArray<Result>]
    readonly selected: Result
    readonly reward: RewardVersion
  }
) {
  const { reward, rows, selected } = options
  if (pipeline.test.length === 0) return []
  const [initial, ...others] = rows
  const measured = [...others, ...(selected.version.hash === initial.version.hash ? [] : [selected])]
  const of = (version: Result["version"]) =>
    ({ split: "test", policy: version, initial: initial.version, reward }) as const
  const first = yield* evaluateVersion(pipeline, { ...of(initial.version), into: "test/initial" })
  const results: Array<Result> = [{ ...initial, evaluation: first.evaluation }]
  for (const result of measured) {
    const into = `test/${result.version.name.replaceAll(" ", "-")}`
    const { evaluation } = yield* evaluateVersion(pipeline, { ...of(result.version), into, opponent: first.responses })
    results.push({ ...result, evaluation })
  }
  return results
})
