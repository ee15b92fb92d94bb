import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Path } from "effect"
import { liveTrainers, Trainers } from "../../src/pipeline/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { Policy } from "../../src/sampler/mod.ts"

const Services = liveTrainers.pipe(
  Layer.provideMerge(OnnxRuntime.layer({ threads: 2 })),
  Layer.provideMerge(NodeServices.layer)
)

const messages = [{ role: "user", content: "list two words about the sea" }] as const

/** A response of these ids, cut after them. */
const said = (ids: ReadonlyArray<number>) => ({ messages, response: { text: "", ids, finish: "length" as const } })

/** A sum of some hundred float32 exponentials, each right to about 1e-6. */
const TOLERANCE = 1e-4

/** A model of fresh random weights, as large as the scope. */
const randomModel = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const into = (yield* Path.Path).join(yield* files.makeTempDirectoryScoped(), "model")
  yield* (yield* Trainers).initialize({ from: "fixtures/garden/model", into, seed: 3 })
  return into
})

const vocabulary = Effect.map(
  Effect.flatMap(FileSystem.FileSystem, (files) => files.readFileString("fixtures/garden/model/config.json")),
  (text): number => JSON.parse(text).vocab_size
)

/** One response of a model to the prompt. */
const draw = Effect.fnUntraced(function* (model: string, temperature: number, maxNewTokens: number) {
  const { policy } = yield* Trainers
  return yield* Effect.gen(function* () {
    const prompts = [{ promptId: "p", messages }]
    const asked = { prompts, temperatures: [temperature], perTemperature: 1, maxNewTokens, seed: 0, iteration: 1 }
    const [row] = yield* (yield* Policy).sample(asked)
    const [response] = row?.responses ?? []
    return { finish: response?.finish, tokens: response?.tokens, ids: response?.ids ?? [] }
  }).pipe(Effect.provide(policy(model, { batchSize: 4 })))
})

/** log P of every response that goes on from `prefix` by one token and is cut there. */
const continued = Effect.fnUntraced(function* (model: string, prefix: ReadonlyArray<number>) {
  const rows = Array.from({ length: yield* vocabulary }, (_, id) => said([...prefix, id]))
  return Array.from(yield* (yield* Trainers).logProbabilities({ model, rows }))
})

const total = (nats: ReadonlyArray<number>): number => nats.reduce((sum, each) => sum + Math.exp(each), 0)

layer(Services)("logProbabilities()", (it) => {
  it.effect("of every response of one token add up to 1, and the one drawn at temperature 0 is the likeliest", () =>
    Effect.gen(function* () {
      const model = yield* randomModel
      const found = yield* continued(model, [])
      assert.closeTo(total(found), 1, TOLERANCE)
      assert.deepStrictEqual((yield* draw(model, 0, 1)).ids, [found.indexOf(Math.max(...found))])
    }).pipe(Effect.scoped)
  )

  it.effect("of a response that was cut add up from those one token longer: no end token is counted", () =>
    Effect.gen(function* () {
      const model = yield* randomModel
      const { ids, ...ended } = yield* draw(model, 1, 4)
      assert.deepStrictEqual({ ...ended, length: ids.length }, { finish: "length", tokens: 4, length: 4 })
      const [cut = 0] = yield* (yield* Trainers).logProbabilities({ model, rows: [said(ids)] })
      const found = yield* continued(model, ids)
      assert.closeTo(total(found.map((nats) => nats - cut)), 1, TOLERANCE)
    }).pipe(Effect.scoped)
  )
})
