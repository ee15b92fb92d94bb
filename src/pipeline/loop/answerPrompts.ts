import { Effect, Stream } from "effect"
import { Scored } from "../../../schemas/mod.ts"
import { fromRows, writeArrow } from "../../arrow/mod.ts"
import { Policy } from "../../sampler/mod.ts"
import { Reward } from "../../scorer/mod.ts"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import { Progress } from "../Progress.ts"
import { arrowMetadata, carriers } from "../store/carriers.ts"
import { hashValue } from "../store/hash.ts"
import { RunStore } from "../store/RunStore.ts"
import { Trainers } from "../Trainers.ts"
import { countRows } from "./countRows.ts"
import type { RewardVersion } from "./rewardOf.ts"
import type { Version } from "./Version.ts"

/** Which prompts are asked: those that choices are made on, or those that no choice sees. */
type Split = "validation" | "test"

/** Who answers which prompts, and who scores the answers. */
export interface Asked {
  readonly split: Split
  readonly policy: Version
  readonly reward: RewardVersion
  /** Folder in the run. */
  readonly into: string
}

/** Draws of an evaluation use the iteration 0, which no training draw has. */
const evaluationIteration = 0

/** The prompts of a split with responses of a policy and their rewards, as a file of the run. */
export const answerPrompts = Effect.fnUntraced(function* (
  pipeline: CheckedPipeline,
  { into, policy, reward, split }: Asked
) {
  const asked = pipeline[split]
  const { batchSizes, evaluate, seed } = pipeline.file
  const store = yield* RunStore
  const trainers = yield* Trainers
  const progress = yield* Progress
  const maxNewTokens =
    evaluate.maxNewTokens ?? Math.max(...pipeline.stages.map(({ step }) => step.sample?.maxNewTokens ?? 1))
  const settings = { responses: evaluate.responses, temperature: evaluate.temperature, maxNewTokens, seed }
  return yield* store.artefact({
    name: `${into}/responses.arrow`,
    carrier: carriers.arrow,
    lineage: {
      settings,
      inputs: { [`${split} prompts`]: hashValue(asked), policy: policy.hash, reward: reward.hash }
    },
    make: Effect.fnUntraced(
      function* (temporary, lineage) {
        const advance = yield* progress.phase({
          name: `${split === "test" ? "test" : "evaluate"} ${policy.name}`,
          total: asked.length,
          unit: "prompts"
        })
        // each response is drawn, then scored
        const rows = yield* countRows(advance, 2 * evaluate.responses)
        const { sample } = yield* Policy
        const { score } = yield* Reward
        const batches = Stream.fromIterable(asked).pipe(
          Stream.grouped(batchSizes.stage),
          Stream.mapEffect(
            Effect.fnUntraced(function* (prompts) {
              const answers = yield* sample({
                prompts,
                temperatures: [evaluate.temperature],
                perTemperature: evaluate.responses,
                maxNewTokens,
                seed,
                iteration: evaluationIteration
              })
              const rewards = yield* score(
                answers.map(({ messages, responses }) => ({ messages, responses: responses.map(({ text }) => text) }))
              )
              yield* rows.ended(prompts.length)
              return fromRows(
                Scored,
                answers.map(({ messages, promptId, responses }, i): Scored => {
                  return { promptId, messages, responses, rewards: rewards[i] ?? [] }
                })
              )
            })
          )
        )
        yield* rows.follow(writeArrow(temporary, Scored, arrowMetadata(lineage))(batches))
      },
      Effect.provide([trainers.policy(policy.folder, { batchSize: batchSizes.sample }), reward.layer]),
      Effect.scoped
    )
  })
})
