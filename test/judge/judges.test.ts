import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import {
  type Comparison,
  type JudgeCount,
  JudgeReport,
  judgePrompts,
  llmJudge,
  parseVerdict,
  Preference,
  remotePreference
} from "../../src/judge/mod.ts"
import { httpClient } from "../../src/remote/mod.ts"
import { AnswerReport } from "../../src/runtime/mod.ts"
import { openAiPolicy, Policy } from "../../src/sampler/mod.ts"
import { Reward } from "../../src/scorer/mod.ts"
import { type Arrived, endpointOf, nobody, type Reply, serve, withoutWaiting } from "../remote/serve.ts"

const row = (first: string, second: string): Comparison => ({
  messages: [{ role: "user", content: "name three words" }],
  first,
  second
})

const run = <A, E>(effect: Effect.Effect<A, E, any>) =>
  Effect.scoped(effect).pipe(Effect.provide(httpClient)) as Effect.Effect<A, E>

/** What an oracle says of rows, and what it reported. */
const judged = Effect.fnUntraced(function* (
  rows: ReadonlyArray<Comparison>,
  layer: Layer.Layer<Preference, never, any>
) {
  const counts = yield* Ref.make<ReadonlyArray<JudgeCount>>([])
  const listener = (count: JudgeCount) => Ref.update(counts, (before) => [...before, count])
  const chances = yield* Effect.flatMap(Preference, ({ prefer }) => prefer(rows)).pipe(
    Effect.provide(layer),
    Effect.provideService(JudgeReport, listener)
  )
  return { chances, counts: yield* Ref.get(counts) }
})

/** The texts under A and B in a question. */
const shownIn = (question: string) => {
  const under = (letter: string) =>
    new RegExp(`begin of response ${letter}[^]*?>\\n([^]*)\\n<\\|end of response ${letter}`).exec(question)?.[1] ?? ""
  return { a: under("A"), b: under("B") }
}

/** A policy that judges by a function of the two texts that it is shown. */
const judgeOf = (verdict: (a: string, b: string) => string) => {
  const asked: Array<string> = []
  const layer = Policy.layerOf(({ prompts }) =>
    Effect.sync(() =>
      prompts.map(({ messages, promptId }) => {
        const question = messages[0]?.content ?? ""
        asked.push(question)
        const { a, b } = shownIn(question)
        const response = { text: verdict(a, b), tokens: 4, finish: "stop", temperature: 0, sample: 0 } as const
        return { promptId, messages, responses: [response] }
      })
    )
  )
  return { asked, layer }
}

const byLength = (a: string, b: string) =>
  a.length === b.length ? "equal: [[C]]" : a.length > b.length ? "I say [[A]]" : "so: [[B]]"

const local = { requests: 0, promptTokens: 0 }

describe("parseVerdict()", () => {
  it("takes the one verdict in double brackets, and guesses nothing", () => {
    const all = ["A", "B", "C"] as const
    const answers = [
      "[[A]]",
      "Both are fine.\n\n[[B]]",
      "[[C]] and again [[C]]",
      "",
      "A",
      "[A]",
      "[[a]]",
      "[[D]]",
      "[[A]] or [[B]]",
      "[[A]] [[x]]",
      "[[ A ]]",
      "verdict: A]]"
    ]
    assert.deepStrictEqual(
      answers.map((answer) => parseVerdict(answer, all)),
      ["A", "B", "C", ...Array.from({ length: 9 }, () => undefined)]
    )
    assert.strictEqual(parseVerdict("[[C]]", ["A", "B"]), undefined)
  })
})

describe("every judge's prompt", () => {
  for (const [name, { ask, verdicts }] of Object.entries(judgePrompts)) {
    it(`${name} shows the conversation and both responses, and names its verdicts and no other`, () => {
      const question = ask({
        messages: [
          { role: "user", content: "first question" },
          { role: "assistant", content: "first answer" },
          { role: "user", content: "second question" }
        ],
        first: "one response",
        second: "the other"
      })
      assert.deepStrictEqual(shownIn(question), { a: "one response", b: "the other" })
      assert.include(question, "User: first question\n\nAssistant: first answer\n\nUser: second question")
      const named = new Set(Array.from(question.matchAll(/\[\[(.)\]\]/g), ([, letter]) => letter))
      assert.deepStrictEqual([...named], [...verdicts])
    })
  }
})

describe("llmJudge()", () => {
  it.effect("asks in both orders, and a verdict counts for the response it names", () =>
    Effect.gen(function* () {
      const { asked, layer } = judgeOf(byLength)
      const rows = [row("long", "ab"), row("ab", "long"), row("ab", "cd")]
      const found = yield* judged(rows, Layer.provide(llmJudge({}), layer))
      assert.deepStrictEqual(found.chances, [1, 0, 0.5])
      const orders = asked.map((question) => Object.values(shownIn(question)).join("/"))
      assert.deepStrictEqual(orders, ["ab/long", "long/ab", "ab/long", "long/ab", "ab/cd", "cd/ab"])
      assert.deepStrictEqual(found.counts, [
        { comparisons: 3, questions: 6, agreed: 3, unparsed: 0, completionTokens: 24, ...local }
      ])
    })
  )

  it.effect("takes contradictions for ties, and one verdict beside a tie for three quarters", () =>
    Effect.gen(function* () {
      const first = yield* judged(
        [row("a", "b"), row("b", "a")],
        Layer.provide(llmJudge({}), judgeOf(() => "[[A]]").layer)
      )
      assert.deepStrictEqual([first.chances, first.counts[0]?.agreed], [[0.5, 0.5], 0])
      const half = judgeOf((a) => (a === "a" ? "[[A]]" : "[[C]]")).layer
      const second = yield* judged([row("a", "b"), row("b", "a")], Layer.provide(llmJudge({}), half))
      assert.deepStrictEqual([second.chances, second.counts[0]?.agreed], [[0.75, 0.25], 0])
    })
  )

  it.effect("takes answers without a verdict for ties, and counts them", () =>
    Effect.gen(function* () {
      const mumbling = judgeOf((a) => (a === "a" ? "[[A]]" : "hard to say")).layer
      const found = yield* judged([row("a", "b"), row("c", "d")], Layer.provide(llmJudge({}), mumbling))
      assert.deepStrictEqual(found.chances, [0.75, 0.5])
      assert.deepStrictEqual(found.counts, [
        { comparisons: 2, questions: 4, agreed: 0, unparsed: 3, completionTokens: 16, ...local }
      ])
      // no verdict does not agree with a tie
      const torn = judgeOf((a) => (a === "a" ? "[[C]]" : "hard to say")).layer
      const apart = yield* judged([row("a", "b"), row("b", "a")], Layer.provide(llmJudge({}), torn))
      assert.deepStrictEqual([apart.chances, apart.counts[0]?.agreed], [[0.5, 0.5], 0])
      // a tie is no verdict where none was offered
      const tied = judgeOf(() => "[[C]]").layer
      const strict = yield* judged([row("a", "b")], Layer.provide(llmJudge({ prompt: "rewardBench" }), tied))
      assert.deepStrictEqual([strict.chances, strict.counts[0]?.unparsed], [[0.5], 2])
    })
  )

  it.effect("asks nobody about equal responses", () =>
    Effect.gen(function* () {
      const { asked, layer } = judgeOf(byLength)
      const found = yield* judged([row("a", "a"), row("ab", "c"), row("b", "b")], Layer.provide(llmJudge({}), layer))
      assert.deepStrictEqual([found.chances, asked.length], [[0.5, 1, 0.5], 2])
      assert.deepStrictEqual(yield* judged([row("a", "a")], Layer.provide(llmJudge({}), layer)), {
        chances: [0.5],
        counts: []
      })
    })
  )

  it.effect("works over a chat server, and counts requests and tokens", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(({ body }: Arrived): Reply => {
        const { a, b } = shownIn(body.messages[0].content)
        const message = { role: "assistant", content: byLength(a, b) }
        const usage = { prompt_tokens: 100, completion_tokens: 7 }
        return { json: { choices: [{ index: 0, finish_reason: "stop", message }], usage } }
      })
      const layer = Layer.provide(llmJudge({ maxNewTokens: 9 }), openAiPolicy({ ...endpointOf(url), model: "judge" }))
      const found = yield* judged([row("long", "ab"), row("a", "b")], layer)
      assert.deepStrictEqual(found, {
        chances: [1, 0.5],
        counts: [
          { comparisons: 2, questions: 4, agreed: 2, unparsed: 0, requests: 4, promptTokens: 400, completionTokens: 28 }
        ]
      })
      assert.deepStrictEqual(
        arrived.map(({ body }) => [body.model, body.n, body.temperature, body.max_tokens]),
        Array.from({ length: 4 }, () => ["judge", 1, 0, 9])
      )
    }).pipe(run)
  )

  it.effect("says which server did not answer", () =>
    Effect.gen(function* () {
      const url = yield* nobody
      const layer = Layer.provide(llmJudge({}), openAiPolicy({ ...endpointOf(url), model: "judge" }))
      const { result } = yield* withoutWaiting(Effect.flip(judged([row("a", "b")], layer)))
      assert.match(
        result.message,
        /^Cannot compare responses: the policy that judges: Cannot sample responses: "http:\/\/127.*: found nobody who listens/
      )
    }).pipe(run)
  )
})

describe("Preference.bradleyTerry", () => {
  it.effect("is σ of the difference of two rewards", () =>
    Effect.gen(function* () {
      const reward = Reward.layerOf((_, response) => response.length)
      const { chances } = yield* judged(
        [row("abc", "a"), row("a", "abc")],
        Layer.provide(Preference.bradleyTerry, reward)
      )
      const p = 1 / (1 + Math.exp(-2))
      assert.deepStrictEqual(chances, [p, 1 - p])
    })
  )
})

/** One rounding of a sum near 1. */
const rounding = 1e-15

interface Sent {
  readonly first: string
  readonly second: string
}

/** A server that likes what comes first, and what is longer: ½ + 0.1 + 0.2·(difference of lengths). */
const biased = ({ body }: Arrived): Reply => ({
  json: { probabilities: body.rows.map(({ first, second }: Sent) => 0.6 + 0.2 * (first.length - second.length)) }
})

describe("remotePreference()", () => {
  it.effect("averages both orders, so that where a response stands does not count", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(biased)
      const layer = remotePreference({ ...endpointOf(url), model: "pm", batchSize: 2, concurrency: 1 })
      const rows = [row("ab", "c"), row("c", "ab"), row("a", "b")]
      const told: Array<number> = []
      const hear = (answers: number) => Effect.sync(() => void told.push(answers))
      const { chances, counts } = yield* Effect.provideService(judged(rows, layer), AnswerReport, hear)
      assert.deepStrictEqual(told, [2, 2, 2])
      assert.isTrue([0.7, 0.3, 0.5].every((chance, i) => Math.abs((chances[i] ?? 0) - chance) < rounding))
      assert.strictEqual((chances[0] ?? 0) + (chances[1] ?? 0), 1)
      const none = { unparsed: 0, promptTokens: 0, completionTokens: 0 }
      assert.deepStrictEqual(counts, [{ comparisons: 3, questions: 6, agreed: 2, requests: 3, ...none }])
      const { messages } = row("", "")
      assert.deepStrictEqual(arrived[0]?.body, {
        model: "pm",
        rows: [
          { messages, first: "ab", second: "c" },
          { messages, first: "c", second: "ab" }
        ]
      })
    }).pipe(run)
  )

  for (const [probabilities, found] of [
    [[0.5], "1 probabilities"],
    [[0.5, 1.5], '{"probabilities":[0.5,1.5]}'],
    [["yes", "no"], '{"probabilities":["yes","no"]}']
  ] as const) {
    it.effect(`refuses the probabilities ${JSON.stringify(probabilities)}`, () =>
      Effect.gen(function* () {
        const { url } = yield* serve(() => ({ json: { probabilities } }))
        const error = yield* Effect.flip(judged([row("a", "b")], remotePreference(endpointOf(url))))
        assert.strictEqual(
          error.message.replaceAll(/127\.0\.0\.1:\d+/g, "host"),
          `Cannot compare responses: "http://host/v1/preference" (status 200): found ${found}, wanted probabilities: 2 numbers from 0 to 1`
        )
      }).pipe(run)
    )
  }
})
