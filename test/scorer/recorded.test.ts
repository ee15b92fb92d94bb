import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { serialize } from "../../src/graph/mod.ts"
import { rewardGraph } from "../../src/model/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { logProbabilities, scoreSequences } from "../../src/scorer/mod.ts"
import { families } from "../model/families.ts"
import { distance, recordedModels, recordings, Services } from "../recordings.ts"

/** Float32 sums of some ten log-probabilities, in another order than PyTorch's. */
const tolerance = 2e-4

layer(Services)("logProbabilities()", (it) => {
  const recorded = { ...Object.fromEntries(recordedModels.map((name) => [name, recordings[name]])), ...families }
  for (const [name, { ids, promptLength, logps }] of Object.entries(recorded)) {
    it.effect(`equals transformers on "${name}", whatever the batch`, () =>
      Effect.gen(function* () {
        const checkpoint = yield* openCheckpoint(`fixtures/model/${name}`, "causal")
        const sequences = ids.map((row) => ({ ids: Int32Array.from(row), promptLength }))
        for (const batchSize of [1, 3, 4]) {
          const found = yield* logProbabilities(checkpoint, sequences, { batchSize })
          assert.isBelow(distance(found, logps), tolerance)
        }
      })
    )
  }
})

layer(Services)("rewardGraph()", (it) => {
  it.effect("equals LlamaForSequenceClassification at the last real token, padded or not", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const { config, family, weights, folder } = yield* openCheckpoint("fixtures/model/reward", "reward")
      const model = serialize(rewardGraph({ family, config, contextLength: 64 }, weights))
      const session = yield* runtime.session({ name: "reward", model, externalFolder: folder })
      const sequences = recordings.reward.ids.map((row) => ({ ids: Int32Array.from(row), promptLength: 1 }))
      for (const batchSize of [1, 16]) {
        const found = yield* scoreSequences({
          session,
          output: "rewards",
          sequences,
          batchSize,
          read: "last"
        })
        assert.isBelow(distance(found, recordings.reward.rewards), tolerance)
      }
    }).pipe(Effect.scoped)
  )
})
