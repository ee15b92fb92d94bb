import { assert, layer } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Result } from "effect"
import { encodeConversation, encodePair, encodePrompt, encodeQuestion } from "../../src/text/mod.ts"
import { mostAtOnce, openTokenizing, type Tokenizing } from "../../src/tokenizing/mod.ts"
import { readTokenizer } from "../text/tokenizers.ts"

const tokenizer = readTokenizer("fixtures/garden/model")
const long = "list two words about the sea ".repeat(mostAtOnce / 10)
const messages = [{ role: "user", content: long }] as const

class Garden extends Context.Service<Garden, Tokenizing>()("test/Garden") {}

layer(Layer.effect(Garden, openTokenizing(tokenizer)))("openTokenizing()", (it) => {
  it.effect("does every job as the function of its name does it", () =>
    Effect.gen(function* () {
      const { run } = yield* Garden
      const [context, pair] = [{ contextLength: 1e6 }, { maxTokens: 1e6 }]
      assert.deepStrictEqual(
        [
          yield* run("encodePrompt", messages, context),
          yield* run("encodePair", messages, "crab", pair),
          yield* run("encodeConversation", messages, "crab", { turns: "all" }),
          yield* run("encodeQuestion", messages)
        ],
        [
          Result.getOrThrow(encodePrompt(tokenizer, messages, context)),
          Result.getOrThrow(encodePair(tokenizer, messages, "crab", pair)),
          Result.getOrThrow(encodeConversation(tokenizer, messages, "crab", { turns: "all" })),
          Result.getOrThrow(encodeQuestion(tokenizer, messages))
        ]
      )
    })
  )

  it.effect("fails with the error of the function, its data and its message", () =>
    Effect.gen(function* () {
      const { run } = yield* Garden
      const found = yield* Effect.flip(run("encodePrompt", messages, { contextLength: 8 }))
      const wanted = Result.getOrThrow(Result.flip(encodePrompt(tokenizer, messages, { contextLength: 8 })))
      assert.deepStrictEqual(found, wanted)
      assert.strictEqual(found.message, wanted.message)
    })
  )

  it.effect("lets timers and other fibers go on while a long text is read", () =>
    Effect.gen(function* () {
      const { run } = yield* Garden
      yield* run("encode", long) // the thread is there
      const size = 400_000
      let [timers, turns] = [0, 0]
      const timer = setInterval(() => (timers += 1), 0)
      const turning = Effect.andThen(
        Effect.sync(() => (turns += 1)),
        Effect.yieldNow
      )
      const other = yield* Effect.forkChild(Effect.forever(turning))
      const ids = yield* run("encode", "crab ".repeat(size))
      yield* Fiber.interrupt(other)
      clearInterval(timer)
      assert.isAtLeast(ids.length, size)
      assert.isAbove(timers, 3)
      assert.isAbove(turns, 100)
    })
  )

  for (const concurrency of [1, 24]) {
    it.effect(`reads one text of 600 characters in each turn of the loop, ${concurrency} asked at a time`, () =>
      Effect.gen(function* () {
        const { run } = yield* Garden
        let turns = 0
        const turn = () => {
          turns += 1
          next = setImmediate(turn)
        }
        let next = setImmediate(turn)
        const texts = Array.from({ length: 24 }, () => "crab ".repeat(120))
        yield* Effect.forEach(texts, (text) => run("encode", text), { concurrency })
        clearImmediate(next)
        assert.isAtLeast(turns, 23)
      })
    )
  }

  it.effect("forgets a text that nobody waits for any more, and goes on with the next", () =>
    Effect.gen(function* () {
      const { run } = yield* Garden
      const waiting = [
        yield* Effect.forkChild(run("encode", "crab ".repeat(200_000))),
        yield* Effect.forkChild(run("encode", "anchor ".repeat(200_000)))
      ]
      yield* Effect.yieldNow
      yield* Fiber.interruptAll(waiting)
      assert.deepStrictEqual(yield* run("encode", long), tokenizer.encode(long))
    })
  )

  it.effect("tells who waits when the thread breaks, and starts another for the next", () =>
    Effect.gen(function* () {
      const { run } = yield* Garden
      const nothing = null as unknown as string // as: a fault that types forbid
      const found = yield* Effect.flip(run("encodePair", messages, nothing, { maxTokens: 1e6 }))
      assert.strictEqual(found.reason._tag, "ThreadFailed")
      assert.include(found.message, "broke off: Cannot read properties of null")
      assert.deepStrictEqual(yield* run("encode", long), tokenizer.encode(long))
    })
  )

  it.effect("reads as the tokenizer that it is given, with another template than that of its files", () =>
    Effect.gen(function* () {
      const template = "{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}"
      const other = readTokenizer("fixtures/garden/model", template)
      const { run } = yield* openTokenizing(other)
      const options = { contextLength: 1e6 }
      assert.deepStrictEqual(
        yield* run("encodePrompt", messages, options),
        Result.getOrThrow(encodePrompt(other, messages, options))
      )
    })
  )
})
