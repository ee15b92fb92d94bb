import { Effect } from "effect"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import { foundTexts } from "../data/mod.ts"
import { Progress } from "../Progress.ts"
import { RunStore } from "../store/RunStore.ts"
import { evaluateVersion } from "./evaluateVersion.ts"
import { reportResults, resultsData } from "./formatResults.ts"
import { iterate } from "./iterate.ts"
import { preparePolicy, prepareReward } from "./prepareModels.ts"
import { preparePreference } from "./preparePreference.ts"
import { type Result, type Results, selectBest } from "./Results.ts"
import { runBaseline } from "./runBaseline.ts"
import { runError } from "./runError.ts"
import { runIteration } from "./runIteration.ts"
import { testVersions } from "./testVersions.ts"
import type { Version } from "./Version.ts"

/** πₜ, its row of the results table, and the pairs it was trained on. */
interface Reached {
  readonly version: Version
  readonly row: Result
  readonly pairs: number
}

/**
 * Runs a pipeline: π₀ and r are prepared, T iterations improve the policy, the offline baseline is trained beside them, and
 * the best policy on the validation prompts is selected; then those that matter are measured on the test prompts.
 *
 * Source   Algorithm 2.
 * Fails    PipelineError.
 */
export const runPipeline = Effect.fn("runPipeline")(
  function* (pipeline: CheckedPipeline) {
    const { file } = pipeline
    const store = yield* RunStore
    const progress = yield* Progress
    const reference = { initial: "π₀, frozen", previous: "the policy each iteration starts from" }[
      file.models.reference
    ]
    yield* progress.note(
      `Running "${file.name}": seed ${file.seed}, ${file.iterations} iterations, reference of DPO ${file.models.reference} (${reference})`
    )
    for (const [key, found] of Object.entries(foundTexts(pipeline.sources))) yield* progress.note(`${key}: ${found}`)
    if (pipeline.overlong > 0)
      yield* progress.warn(`Left out ${pipeline.overlong} prompts that leave no room for a response`)
    if (file.sampler?.openAi.weights === "asServed" && file.iterations > 1) {
      yield* progress.warn(
        `The responses are drawn by "${file.sampler.openAi.model}" as it is served: from iteration 2 on they are not those of the policy that is trained`
      )
    }
    const initial = yield* preparePolicy(pipeline)
    const reward = yield* prepareReward(pipeline, initial)
    const preference = yield* preparePreference(file, reward)
    const first = yield* evaluateVersion(pipeline, {
      split: "validation",
      policy: initial,
      initial,
      reward,
      into: "evaluation/initial"
    })
    const measure = Effect.fnUntraced(function* (version: Version, role: Result["role"], into: string) {
      const { evaluation } = yield* evaluateVersion(pipeline, {
        split: "validation",
        policy: version,
        initial,
        reward,
        into,
        opponent: first.responses
      })
      return { version, evaluation, role } satisfies Result
    })
    const start: Reached = {
      version: initial,
      row: { version: initial, evaluation: first.evaluation, role: "initial" },
      pairs: 0
    }
    const reached = yield* iterate(
      { from: start, iterations: file.iterations },
      Effect.fnUntraced(function* (before: Reached, iteration: number) {
        const answering = { initial, reward, preference }
        const { pairs, version } = yield* runIteration(pipeline, { iteration, policy: before.version, ...answering })
        const row = yield* measure(version, "iteration", `evaluation/iteration-${iteration}`)
        return { version, row, pairs } satisfies Reached
      })
    )
    const pairs = reached.reduce((sum, each) => sum + each.pairs, 0)
    const baseline = file.baseline
      ? [yield* measure(yield* runBaseline(pipeline, { initial, pairs }), "baseline", "evaluation/baseline")]
      : []
    const rows = [start.row, ...baseline, ...reached.slice(1).map(({ row }) => row)] as const
    const selected = selectBest(rows, file.select.best)
    const results: Results = {
      name: file.name,
      folder: store.folder,
      pipeline: file,
      rows,
      selected,
      test: yield* testVersions(pipeline, { rows: [start.row, ...baseline], selected, reward }),
      overlong: pipeline.overlong
    }
    yield* store.write("table.json", `${JSON.stringify(resultsData(results), undefined, 2)}\n`)
    yield* store.write("report.md", reportResults(results))
    return results
  },
  Effect.scoped,
  (effect, { file }) => Effect.flatMap(RunStore, ({ folder }) => runError(file.name, folder)(effect))
)
