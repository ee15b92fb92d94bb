import { existsSync } from "node:fs"
import { assert, describe, it as test, layer } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import { type Comparison, localPreference, Preference } from "../../src/judge/mod.ts"
import { encodeQuestion, letterIds, preferenceQuestion, renderQuestion } from "../../src/text/mod.ts"
import { Services } from "../recordings.ts"
import { readTokenizer, shared } from "../text/tokenizers.ts"
import { comparisons, model } from "./recorded.ts"

/** Probabilities from float32 logits of about 1, summed in another order than PyTorch's. */
const tolerance = 1e-5

const tokenizer = readTokenizer(model)
const styles = ["add", "omit"] as const

const asked = (
  rows: ReadonlyArray<Comparison>,
  options: { readonly batchSize?: number; readonly generationPrompt?: "add" | "omit"; readonly folder?: string } = {}
) => {
  const { batchSize = 8, folder = model, generationPrompt } = options
  return Effect.flatMap(Preference, ({ prefer }) => prefer(rows)).pipe(
    Effect.provide(localPreference(folder, { batchSize, generationPrompt }))
  )
}

const swapped = ({ first, messages, second }: Comparison): Comparison => ({ messages, first: second, second: first })

describe("renderQuestion()", () => {
  for (const generationPrompt of styles) {
    test(`with generation prompt "${generationPrompt}" is the text and the ids that transformers makes`, () => {
      for (const { first, messages, second, ...recorded } of comparisons) {
        const question = Result.getOrThrow(preferenceQuestion(messages, { a: first, b: second }))
        const { text, ids } = recorded[generationPrompt].forward
        assert.strictEqual(Result.getOrThrow(renderQuestion(tokenizer, question, { generationPrompt })), text)
        assert.deepStrictEqual(
          Array.from(Result.getOrThrow(encodeQuestion(tokenizer, question, { generationPrompt })).ids),
          ids
        )
      }
    })
  }

  test("omits the start token and the generation prompt of the released models' questions", () => {
    const question = Result.getOrThrow(preferenceQuestion([{ role: "user", content: "list" }], { a: "oak", b: "fox" }))
    assert.strictEqual(
      Result.getOrThrow(renderQuestion(tokenizer, question, { generationPrompt: "omit" })),
      "<im_start> user\n[CONTEXT] \n\n<turn> user\n list\n [RESPONSE A] oak [RESPONSE B] fox \n <im_end>\n"
    )
  })
})

/** What transformers reads of that question under the template of Llama 3, which prints the assistant's header unasked. */
const llamaIds = [
  [128006, 882, 128007, 271, 58, 99465, 60, 4815, 27, 413, 29, 1217, 198, 1160, 198, 510, 68883, 26289, 362, 60],
  [38971, 510, 68883, 26289, 426, 60, 39935, 128009, 128006, 78191, 128007, 271]
].flat()

describe("encodeQuestion()", () => {
  const folder = `${shared}tokenizers/llama3`
  test.skipIf(!existsSync(folder))("reads the released rendering as transformers does, letters included", () => {
    const llama = readTokenizer(folder)
    const question = Result.getOrThrow(preferenceQuestion([{ role: "user", content: "list" }], { a: "oak", b: "fox" }))
    const { ids } = Result.getOrThrow(encodeQuestion(llama, question, { generationPrompt: "omit" }))
    assert.deepStrictEqual(Array.from(ids), llamaIds)
    assert.deepStrictEqual(Result.getOrThrow(letterIds(llama, { generationPrompt: "omit" })), { A: 32, B: 33 })
  })
})

describe("letterIds()", () => {
  test("are the letters' words, after the generation prompt or alone", () => {
    const wanted = { A: 12, B: 13 } // of the fixture's vocabulary
    for (const generationPrompt of styles) {
      assert.deepStrictEqual(Result.getOrThrow(letterIds(tokenizer, { generationPrompt })), wanted)
    }
  })
})

layer(Services)("localPreference()", (it) => {
  for (const generationPrompt of styles) {
    it.effect(`is the mean over both orders of transformers' softmax, generation prompt "${generationPrompt}"`, () =>
      Effect.gen(function* () {
        const wanted = comparisons.map((row) => {
          const { forward, swapped: other } = row[generationPrompt]
          return (forward.chances[0] + other.chances[1]) / 2
        })
        for (const batchSize of [1, 3, 8]) {
          const found = yield* asked(comparisons, { batchSize, generationPrompt })
          assert.strictEqual(found.length, wanted.length)
          found.forEach((chance, i) => assert.closeTo(chance, wanted[i] ?? Number.NaN, tolerance))
        }
      })
    )
  }

  it.effect("of swapped responses adds up to 1 exactly, and is ½ for the same response twice", () =>
    Effect.gen(function* () {
      const found = yield* asked(comparisons)
      const other = yield* asked(comparisons.map(swapped))
      assert.deepStrictEqual(
        found.map((chance, i) => chance + (other[i] ?? Number.NaN)),
        comparisons.map(() => 1)
      )
      assert.strictEqual(found[3], 0.5)
      assert.notStrictEqual(found[0], 0.5)
    })
  )

  it.effect("names the row that cannot be asked about, and why", () =>
    Effect.gen(function* () {
      const [first] = comparisons
      if (!first) return
      const messages = [{ role: "system", content: "oak" } as const]
      const role = yield* Effect.flip(asked([first, { ...first, messages }]))
      assert.strictEqual(
        role.message,
        "Cannot compare responses: row 1: Cannot compare two responses: message 1 is the system's, wanted the user's"
      )
      const long = yield* Effect.flip(asked([{ ...first, second: "fox ".repeat(60) }]))
      assert.strictEqual(
        long.message,
        "Cannot compare responses: row 0: Cannot encode the prompt: found 76 tokens, wanted fewer than the context of 64"
      )
    })
  )

  it.effect("refuses a vocabulary without the letters before anything is asked", () =>
    Effect.gen(function* () {
      const folder = "fixtures/model/untied-scaled-sharded"
      const error = yield* Effect.flip(Effect.scoped(Layer.build(localPreference(folder, { batchSize: 1 }))))
      assert.include(error.message, 'after the chat template\'s prompt the letter "A" is read as the tokens "<unk>"')
    })
  )
})
