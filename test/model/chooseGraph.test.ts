import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { serialize } from "../../src/graph/mod.ts"
import { chooseGraph, mostLikely, tokenLogProbabilityGraph } from "../../src/model/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { distance, Services } from "../recordings.ts"

/** Logits of this are the logarithms of probabilities that a reader can add up. */
const halves = [0.05, 0.5, 0.15, 0.2, 0.1]

interface Asked {
  readonly probabilities?: ReadonlyArray<number>
  readonly seen?: ReadonlyArray<number>
  readonly temperature?: number
  readonly uniform?: number
  readonly repetitionPenalty?: number
  readonly topK?: number
  readonly topP?: number
  readonly minP?: number
}

const choose = Effect.fnUntraced(function* (rows: ReadonlyArray<Asked>, candidates = halves.length) {
  const runtime = yield* OnnxRuntime
  const vocabulary = halves.length
  const session = yield* runtime.session({
    name: "choose",
    model: serialize(chooseGraph({ vocabulary, candidates }))
  })
  const floats = (f: (asked: Asked) => number) => runtime.tensor(Float32Array.from(rows, f), [rows.length, 1])
  const token = new BigInt64Array(rows.length)
  const short = new Uint8Array(rows.length)
  const logits = rows.flatMap(({ probabilities = halves }) => probabilities.map(Math.log))
  const seen = rows.flatMap(({ seen: ids = [] }) => halves.map((_, id) => (ids.includes(id) ? 1 : 0)))
  const ks = BigInt64Array.from(rows, ({ topK = vocabulary }) => BigInt(topK))
  yield* session.run(
    {
      logits: yield* runtime.tensor(Float32Array.from(logits), [rows.length, vocabulary]),
      seen: yield* runtime.tensor(Uint8Array.from(seen), [rows.length, vocabulary], "bool"),
      topK: yield* runtime.tensor(ks, [rows.length, 1]),
      temperature: yield* floats(({ temperature = 1 }) => temperature),
      uniform: yield* floats(({ uniform = 0 }) => uniform),
      repetitionPenalty: yield* floats(({ repetitionPenalty = 1 }) => repetitionPenalty),
      topP: yield* floats(({ topP = 1 }) => topP),
      minP: yield* floats(({ minP = 0 }) => minP)
    },
    {
      token: yield* runtime.tensor(token, [rows.length]),
      short: yield* runtime.tensor(short, [rows.length, 1], "bool")
    }
  )
  return { tokens: Array.from(token, Number), short: [...short] }
}, Effect.scoped)

/** The tokens that a row can draw, each once: every multiple of 1/200 is tried. */
const reachable = (asked: Asked, candidates?: number) =>
  Effect.map(
    choose(
      Array.from({ length: 200 }, (_, i) => ({ ...asked, uniform: i / 200 })),
      candidates
    ),
    ({ tokens }) => [...new Set(tokens)].toSorted()
  )

layer(Services)("chooseGraph()", (it) => {
  it.effect("inverts the cumulated probabilities in the order of the vocabulary", () =>
    Effect.gen(function* () {
      const uniforms = [0, 0.04, 0.06, 0.54, 0.56, 0.69, 0.71, 0.89, 0.91, 0.999]
      const { tokens } = yield* choose(uniforms.map((uniform) => ({ uniform })))
      assert.deepStrictEqual(tokens, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    })
  )

  it.effect("leaves only what each limit allows, equal probabilities together", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* reachable({}), [0, 1, 2, 3, 4])
      assert.deepStrictEqual(yield* reachable({ topK: 1 }), [1])
      assert.deepStrictEqual(yield* reachable({ topK: 3 }), [1, 2, 3])
      assert.deepStrictEqual(yield* reachable({ topP: 0.45 }), [1])
      assert.deepStrictEqual(yield* reachable({ topP: 0.69 }), [1, 3]) // 0.5 + 0.2 crosses it
      assert.deepStrictEqual(yield* reachable({ topP: 0.71 }), [1, 2, 3])
      assert.deepStrictEqual(yield* reachable({ minP: 0.35 }), [1, 3]) // at least 0.175
      assert.deepStrictEqual(yield* reachable({ minP: 1 }), [1])
      assert.deepStrictEqual(yield* reachable({ topK: 2, probabilities: [0.2, 0.4, 0.2, 0.1, 0.1] }), [0, 1, 2])
    })
  )

  it.effect("applies top-p to what top-k left, after the temperature", () =>
    Effect.gen(function* () {
      // of 0.5 and 0.2, the first is 5/7 = 0.714
      assert.deepStrictEqual(yield* reachable({ topK: 2, topP: 0.7 }), [1])
      assert.deepStrictEqual(yield* reachable({ topK: 2, topP: 0.73 }), [1, 3])
      // p² of [0.05, 0.5, 0.15, 0.2, 0.1] adds up to 0.325; 0.25 of it is 0.77
      assert.deepStrictEqual(yield* reachable({ temperature: 0.5, topP: 0.76 }), [1])
      assert.deepStrictEqual(yield* reachable({ temperature: 0.5, topP: 0.78 }), [1, 3])
    })
  )

  it.effect("divides positive logits of seen tokens by the penalty and multiplies negative ones", () =>
    Effect.gen(function* () {
      const logits = [2, 1.5, -1, -0.5, -3].map(Math.exp)
      const greedy = (asked: Asked) => ({ ...mostLikely, probabilities: logits, ...asked })
      const { tokens } = yield* choose([
        greedy({}),
        greedy({ seen: [0], repetitionPenalty: 1.3 }), // 2 / 1.3 = 1.538…
        greedy({ seen: [0], repetitionPenalty: 1.4 }), // 2 / 1.4 = 1.428…
        greedy({ seen: [0, 1, 2, 3, 4], repetitionPenalty: 1.4 }),
        greedy({ seen: [0, 1], repetitionPenalty: 1.4, probabilities: [-1, -1.2, -1.5, -4, -5].map(Math.exp) }) // −1.4, −1.68
      ])
      assert.deepStrictEqual(tokens, [0, 0, 1, 0, 0])
    })
  )

  it.effect("tells where its candidates are too few for top-p, and else chooses as with all of them", () =>
    Effect.gen(function* () {
      const rows = [{ topP: 0.71 }, { topP: 0.69 }, {}, { topK: 2 }, { topK: 2, topP: 0.9 }, { minP: 0.35 }]
      assert.deepStrictEqual((yield* choose(rows, 2)).short, [1, 0, 0, 0, 0, 0])
      assert.deepStrictEqual((yield* choose(rows)).short, [0, 0, 0, 0, 0, 0])
      for (const asked of rows.slice(1)) {
        assert.deepStrictEqual(yield* reachable(asked, 2), yield* reachable(asked))
      }
    })
  )
})

layer(Services)("tokenLogProbabilityGraph()", (it) => {
  it.effect("is the logarithm of the token's probability", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({ name: "log π", model: serialize(tokenLogProbabilityGraph(5)) })
      const found = new Float32Array(2)
      const logits = Float32Array.from([...halves, ...halves].map((p) => Math.log(p) + 7))
      yield* session.run(
        {
          logits: yield* runtime.tensor(logits, [2, 5]),
          token: yield* runtime.tensor(BigInt64Array.of(1n, 4n), [2])
        },
        { logProbability: yield* runtime.tensor(found, [2, 1]) }
      )
      // float32 of logits near 7 keeps six digits
      assert.isBelow(distance(found, [Math.log(0.5), Math.log(0.1)]), 2e-6)
    }).pipe(Effect.scoped)
  )
})
