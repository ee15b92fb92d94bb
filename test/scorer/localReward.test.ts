import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Path, Result, Stream } from "effect"
import type { Candidates, Message } from "../../schemas/mod.ts"
import * as schemas from "../../schemas/mod.ts"
import { fromRows } from "../../src/arrow/mod.ts"
import { openShape } from "../../src/checkpoint/mod.ts"
import { AnswerReport } from "../../src/runtime/mod.ts"
import { localReward, Reward } from "../../src/scorer/mod.ts"
import { score } from "../../src/stage/mod.ts"
import { encodePair } from "../../src/text/mod.ts"
import { Services } from "../recordings.ts"

const reward = "fixtures/model/reward"
const policy = "fixtures/model/smollm2"
const messages: ReadonlyArray<Message> = [{ role: "user", content: "name three words" }]
const texts = ["sea and ship", "oak", ""]

const refusal = (folder: string) =>
  Effect.map(Effect.flip(Layer.build(localReward(folder, { batchSize: 2 }))), (error) =>
    error instanceof Error ? error.message.replaceAll(folder, "folder") : "no error"
  )

/** The language model's folder, which claims in config.json to be a reward model. */
const claiming = Effect.fnUntraced(function* () {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const folder = join(yield* files.makeTempDirectoryScoped(), "model")
  yield* files.copy(policy, folder)
  const config = JSON.parse(yield* files.readFileString(join(folder, "config.json")))
  const text = JSON.stringify({ ...config, architectures: ["LlamaForSequenceClassification"], num_labels: 1 })
  yield* files.writeFileString(join(folder, "config.json"), text)
  return folder
})

const candidates = (ids: ReadonlyArray<number> | undefined): Candidates => ({
  promptId: "p",
  messages,
  responses: texts.map((text, sample) => {
    const response = { text, tokens: 2, finish: "stop" as const, temperature: 1, sample }
    return ids ? Object.assign(response, { ids }) : response
  })
})

/** The rewards of one row, out of the stage. */
const rewardsOf = (row: Candidates) =>
  Stream.make(fromRows(schemas.Candidates, [row])).pipe(
    score({}),
    Stream.provide(localReward(reward, { batchSize: 2 })),
    Stream.runCollect,
    Effect.map((batches) => batches.flatMap((batch) => batch.rows.map(({ rewards }) => rewards)))
  )

layer(Services)("localReward()", (it) => {
  it.effect("tells of each batch of responses when it is scored", () =>
    Effect.gen(function* () {
      const told: Array<number> = []
      const hear = (answers: number) => Effect.sync(() => void told.push(answers))
      yield* Effect.provideService(rewardsOf(candidates(undefined)), AnswerReport, hear)
      assert.deepStrictEqual(told, [2, 1])
    })
  )

  it.effect("refuses a language model, which has no head for rewards", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal(policy),
        'Cannot open the model "folder": found a causal model, wanted a reward model (see "architectures" in config.json)'
      )
    }).pipe(Effect.scoped)
  )

  it.effect("refuses a language model that claims to be a reward model: a head is not made up", () =>
    Effect.gen(function* () {
      const message = yield* refusal(yield* claiming())
      assert.include(message, '"score.weight"')
    }).pipe(Effect.scoped)
  )

  it.effect("reads the text with its own tokenizer, whatever the ids of the policy's", () =>
    Effect.gen(function* () {
      const [own, other] = [yield* openShape(reward), yield* openShape(policy)]
      const ids = [own, other].map(({ tokenizer }) =>
        Result.map(encodePair(tokenizer, messages, "sea and ship", { maxTokens: 64, emptyResponse: "allow" }), (pair) =>
          Array.from(pair.ids)
        )
      )
      assert.notDeepEqual(ids[0], ids[1])
      const plain = yield* rewardsOf(candidates(undefined))
      assert.deepStrictEqual(yield* rewardsOf(candidates([9, 9, 9])), plain)
      const direct = yield* Effect.flatMap(Reward, (service) => service.score([{ messages, responses: texts }])).pipe(
        Effect.provide(localReward(reward, { batchSize: 3 }))
      )
      assert.deepStrictEqual(plain, direct)
      assert.strictEqual(new Set(plain[0]).size, 3)
    }).pipe(Effect.scoped)
  )
})
