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

layer(Services)("logProbabilities()", (it) => {
  it.effect("of every response of one token, cut there, add up to 1", () =>
    Effect.gen(function* () {
      const { logProbabilities } = yield* Trainers
      const size = yield* vocabulary
      const rows = Array.from({ length: size }, (_, id) => said([id]))
      const found = yield* logProbabilities({ model: yield* randomModel, rows })
      const total = found.reduce((sum, nats) => sum + Math.exp(nats), 0)
      assert.closeTo(total, 1, TOLERANCE)
    }).pipe(Effect.scoped)
  )

  it.effect("are of what was sampled: the last id drawn at temperature 0 is the likeliest of all in its place", () =>
    Effect.gen(function* () {
      const { logProbabilities, policy } = yield* Trainers
      const model = yield* randomModel
      const [row] = yield* Effect.gen(function* () {
        const prompts = [{ promptId: "p", messages }]
        const asked = { prompts, temperatures: [0], perTemperature: 1, maxNewTokens: 4, seed: 0, iteration: 1 }
        return yield* (yield* Policy).sample(asked)
      }).pipe(Effect.provide(policy(model, { batchSize: 4 })))
      const [response] = row?.responses ?? []
      const drawn = response?.ids ?? []
      assert.deepStrictEqual([response?.finish, response?.tokens, drawn.length], ["length", 4, 4])
      const others = Array.from({ length: yield* vocabulary }, (_, id) => said([...drawn.slice(0, 3), id]))
      const [prefix = 0, ...found] = yield* logProbabilities({ model, rows: [said(drawn.slice(0, 3)), ...others] })
      assert.strictEqual(found.indexOf(Math.max(...found)), drawn[3])
      // P(prefix) = Σ P(prefix and one token more): no end token is counted that was not drawn
      const total = found.reduce((sum, nats) => sum + Math.exp(nats - prefix), 0)
      assert.closeTo(total, 1, TOLERANCE)
    }).pipe(Effect.scoped)
  )
})
