import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { Candidates, Pair, Preference, type Response } from "../../../schemas/mod.ts"
import { fromRows, type RecordSchema, writeArrow, writeJsonLines } from "../../../src/arrow/mod.ts"
import { pairOf, pairsOfCandidates, readPairs } from "../../../src/judge/person/mod.ts"
import { withFile } from "../../arrow/temporary.ts"
import { pair } from "./pairs.ts"

const messages = [{ role: "user" as const, content: "?" }]
const response = (text: string, sample: number): Response => ({
  text,
  tokens: 1,
  finish: "stop",
  temperature: 1,
  sample
})
const candidates = (promptId: string, ...texts: ReadonlyArray<string>): Candidates => ({
  promptId,
  messages,
  responses: texts.map(response)
})
const preference = (promptId: string, chosen: string, rejected: string): Preference => ({
  promptId,
  messages,
  chosen,
  rejected,
  margin: 1
})

const options = { seed: 0, perPrompt: 1 }

const read = <A>(name: string, schema: RecordSchema<A>, rows: ReadonlyArray<A>, chosen = options) =>
  withFile(name, (path) => {
    const write = name.endsWith(".arrow") ? writeArrow(path, schema) : writeJsonLines(path, schema)
    return Effect.andThen(write(Stream.make(fromRows(schema, rows))), readPairs(path, chosen))
  })

describe("pairOf()", () => {
  it("is the same pair whichever text comes first, and another one under another conversation", () => {
    const one = pairOf({ messages, promptId: "p" }, "b", "a")
    assert.deepStrictEqual(one, pairOf({ messages, promptId: "p" }, "a", "b"))
    assert.deepStrictEqual({ ...one, pairId: "" }, { pairId: "", promptId: "p", messages, first: "a", second: "b" })
    assert.match(one.pairId, /^[0-9a-f]{16}$/)
    const others = [
      pairOf({ messages: [{ role: "system", content: "?" }] }, "a", "b"),
      pairOf({ messages: [...messages, ...messages] }, "a", "b"),
      pairOf({ messages }, "ab", "")
    ].map(({ pairId }) => pairId)
    assert.strictEqual(new Set([one.pairId, ...others]).size, 4)
  })
})

describe("readPairs()", () => {
  for (const name of ["rows.jsonl", "rows.arrow"]) {
    it.effect(`takes pairs of ${name} as they are, without those of one text`, () =>
      Effect.gen(function* () {
        const found = yield* read(name, Pair, [pair("a"), pair("b", "same", "same"), pair("c")])
        assert.deepStrictEqual(found, {
          pairs: [pair("a"), pair("c")],
          rows: 3,
          dropped: { identical: 1, tooLong: 0 }
        })
      })
    )

    it.effect(`makes pairs of the preferences of ${name}, one of each two texts`, () =>
      Effect.gen(function* () {
        const rows = [preference("p", "b", "a"), preference("p", "a", "b"), preference("q", "x", "x")]
        const { dropped, pairs } = yield* read(name, Preference, rows)
        assert.deepStrictEqual(pairs, [pairOf({ messages, promptId: "p" }, "a", "b")])
        assert.deepStrictEqual(dropped, { identical: 1, tooLong: 0 })
      })
    )

    it.effect(`draws pairs of the candidates of ${name}, and leaves out what nobody would read`, () =>
      Effect.gen(function* () {
        const rows = [candidates("p", "a", "a", "b"), candidates("q", "a", "x".repeat(100_001)), candidates("r", "a")]
        const { dropped, pairs, rows: count } = yield* read(name, Candidates, rows)
        assert.deepStrictEqual(pairs, [pairOf({ messages, promptId: "p" }, "a", "b")])
        assert.deepStrictEqual([count, dropped], [3, { identical: 1, tooLong: 1 }])
      })
    )
  }

  it.effect("says what is wrong with a file of neither kind", () =>
    withFile("rows.jsonl", (path) =>
      Effect.gen(function* () {
        const files = yield* FileSystem.FileSystem
        yield* files.writeFileString(path, `{"promptId":"p","messages":[{"role":"user","content":"?"}]}\n`)
        const error = yield* Effect.flip(readPairs(path, options))
        assert.match(error.message, /line 1, field "responses": found nothing, wanted array$/)
      })
    )
  )
})

describe("pairsOfCandidates()", () => {
  const texts = Schema.Array(Schema.Literals(["a", "b", "c", "d", "e"])).check(Schema.isMaxLength(8))
  it.prop(
    "draws different pairs of different texts, as many as asked or as there are, the same for the same seed",
    { texts, perPrompt: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 })), seed: Schema.Natural },
    ({ perPrompt, seed, texts: drawn }) => {
      const row = candidates("p", ...drawn)
      const pairs = pairsOfCandidates({ seed, perPrompt })(row)
      const different = new Set(drawn).size
      assert.strictEqual(pairs.length, Math.min(perPrompt, (different * (different - 1)) / 2))
      assert.strictEqual(new Set(pairs.map(({ pairId }) => pairId)).size, pairs.length)
      assert.isTrue(pairs.every(({ first, second }) => first !== second && drawn.includes(first as "a"))) // as: a text
      assert.deepStrictEqual(pairsOfCandidates({ seed, perPrompt })(row), pairs)
    },
    { arbitrary: { runs: 100, seed: 1 } }
  )
})
