import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Struct } from "effect"
import { openCheckpoint, openShape, writeCheckpoint } from "../../src/checkpoint/mod.ts"
import { serialize } from "../../src/graph/mod.ts"
import { rewardGraph } from "../../src/model/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { scoreSequences } from "../../src/scorer/mod.ts"
import { families, sequencesOf } from "../model/families.ts"
import { openFamily } from "../model/openFamily.ts"
import { distance, Services } from "../recordings.ts"

/** Float32 through two layers, summed in another order than PyTorch's; rewards are about 1. */
const tolerance = 1e-4

/** The trunk of a recorded family written back as a reward model with the recorded head. */
const writeReward = Effect.fnUntraced(function* (name: string, change: (config: Record<string, unknown>) => object) {
  const fs = yield* FileSystem.FileSystem
  const { configFile, files } = yield* openShape(`fixtures/model/${name}`)
  const { weights } = yield* openFamily(name)
  const score = Float32Array.from(families[name]?.score ?? [])
  return yield* writeCheckpoint({
    into: `${yield* fs.makeTempDirectoryScoped()}/reward`,
    kind: "reward",
    configFile: { ...change({ ...configFile }) },
    files,
    weights: new Map([...Object.entries(weights), ["score.weight", { data: score, shape: [1, score.length] }]])
  })
})

layer(Services)("writeCheckpoint()", (it) => {
  for (const [name, recorded] of Object.entries(families)) {
    it.effect(`writes ${name} as a ${recorded.architecture} that gives transformers' rewards`, () =>
      Effect.gen(function* () {
        const runtime = yield* OnnxRuntime
        const folder = yield* writeReward(name, (config) => config)
        const { config, family, weights } = yield* openCheckpoint(folder, "reward")
        const model = serialize(rewardGraph({ family, config, contextLength: 64 }, weights))
        const session = yield* runtime.session({ name: "reward", model, externalFolder: folder })
        const found = yield* scoreSequences({
          session,
          output: "rewards",
          sequences: sequencesOf(recorded),
          batchSize: 8,
          read: "last"
        })
        assert.isBelow(distance(found, recorded.rewards), tolerance)
      }).pipe(Effect.scoped)
    )

    it.effect(`keeps every key of ${name}'s config but those of kind and type`, () =>
      Effect.gen(function* () {
        const before = yield* openShape(`fixtures/model/${name}`)
        const after = yield* openShape(yield* writeReward(name, Struct.omit(["architectures"])))
        const { torch_dtype: _, ...kept } = before.configFile
        assert.deepStrictEqual(after.config, before.config)
        assert.deepStrictEqual(after.configFile, {
          ...kept,
          architectures: [recorded.architecture],
          dtype: "float32",
          num_labels: 1,
          id2label: { 0: "LABEL_0" },
          label2id: { LABEL_0: 0 }
        })
      }).pipe(Effect.scoped)
    )
  }

  it.effect("leaves a whole number that stands with a fraction so, which transformers wants of a float", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const spelled = /"(attn|final)_logit_softcapping": [0-9.]+/g
      const before = yield* fs.readFileString("fixtures/model/gemma2/config.json")
      const after = yield* fs.readFileString(`${yield* writeReward("gemma2", Struct.omit([]))}/config.json`)
      assert.deepStrictEqual(before.match(spelled), ['"attn_logit_softcapping": 2.0', '"final_logit_softcapping": 1.0'])
      assert.deepStrictEqual(after.match(spelled), before.match(spelled))
    }).pipe(Effect.scoped)
  )
})
