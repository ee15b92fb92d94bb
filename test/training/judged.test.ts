import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { Audit, Judged } from "../../schemas/mod.ts"
import { chooseLoss } from "../../src/loss/mod.ts"
import { learnedCount } from "../../src/model/mod.ts"
import { encodeAll } from "../../src/training/encoding/mod.ts"
import { type Encoded, train } from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"
import { garden } from "../text/tokenizers.ts"
import { model, preferences, request } from "./request.ts"
import { mismatchAll } from "./tokens.ts"

const encoded = (
  promptId: string,
  promptLength: number,
  ...responses: ReadonlyArray<ReadonlyArray<number>>
): Encoded => ({
  promptId,
  sequences: responses.map((response, i) => ({
    ids: Int32Array.from([...Array.from({ length: promptLength }, () => 10 + i), ...response]),
    promptLength
  })),
  reference: []
})

const idsOf = ({ mismatched }: Encoded) => mismatched?.sequences.map(({ ids }) => Array.from(ids))

/** Whether each response is good: the first of a pair is, the second is not. */
const judgedOf = preferences.flatMap(({ chosen, messages, promptId, rejected }): ReadonlyArray<Judged> => [
  { promptId: `${promptId}+`, messages, response: chosen, desirable: true },
  { promptId: `${promptId}-`, messages, response: rejected, desirable: false }
])

describe("mismatch()", () => {
  it("puts the responses of the next example under each prompt, those of the first under the last", () => {
    const examples = [encoded("a", 1, [1], [2]), encoded("b", 2, [3, 4], [5]), encoded("c", 1, [6], [7, 8, 9])]
    const { cut, examples: found } = mismatchAll(examples, 64)
    assert.strictEqual(cut, 0)
    assert.deepStrictEqual(found.map(idsOf), [
      [
        [10, 3, 4],
        [11, 5]
      ],
      [
        [10, 10, 6],
        [11, 11, 7, 8, 9]
      ],
      [
        [10, 1],
        [11, 2]
      ]
    ])
    assert.deepStrictEqual(
      found.map(({ mismatched }) => mismatched?.sequences.map(({ promptLength }) => promptLength)),
      [
        [1, 1],
        [2, 2],
        [1, 1]
      ]
    )
  })

  it("cuts the end of what is too long under the other prompt, counts it, and keeps the mask", () => {
    const masked: Encoded = {
      promptId: "m",
      sequences: [{ ids: Int32Array.of(1, 2, 3, 4, 5), promptLength: 2, learned: Uint8Array.of(0, 0, 1, 0, 1) }],
      reference: []
    }
    const { cut, examples: found } = mismatchAll([encoded("a", 3, [9]), masked], 5)
    assert.strictEqual(cut, 1)
    assert.deepStrictEqual(found.map(idsOf), [[[10, 10, 10, 3, 4]], [[1, 2, 9]]])
    const [first] = found[0]?.mismatched?.sequences ?? []
    assert.deepStrictEqual(first?.learned, Uint8Array.of(0, 0, 0, 1, 0))
  })
})

describe("judged responses", () => {
  it("are one sequence each, with whether they are good", () => {
    const {
      audit,
      encoded: found,
      problems
    } = encodeAll(judgedOf.slice(0, 3), {
      tokenizer: garden,
      maxTokens: 64,
      lengthPolicy: "error"
    })
    assert.deepStrictEqual(problems, [])
    assert.deepStrictEqual(
      found.map(({ desirable, promptId, sequences }) => [promptId, desirable, sequences.map(learnedCount)]),
      [
        ["p0+", true, [2]],
        ["p0-", false, [2]],
        ["p1+", true, [3]]
      ]
    )
    assert.deepStrictEqual([audit.kept, audit.sequences], [3, 3])
  })

  it("may be empty, as an answer that is to be avoided", () => {
    const empty = {
      ...judgedOf[1],
      promptId: "e",
      messages: preferences[0]?.messages ?? [],
      response: "",
      desirable: false
    }
    const { audit } = encodeAll([empty], { tokenizer: garden, maxTokens: 64, lengthPolicy: "error" })
    assert.deepStrictEqual([audit.kept, audit.emptyResponses], [1, 1])
  })
})

layer(Services)("train() on judged responses", (test) => {
  test.effect("by kto makes good ones likelier than others, and tells the KL", () =>
    Effect.gen(function* () {
      const { made, steps } = yield* request
      const audits: Array<Audit> = []
      const result = yield* train({
        ...made,
        objective: chooseLoss("kto", {}),
        examples: judgedOf,
        batchSize: 10,
        microBatchSize: 10,
        epochs: 4,
        onAudit: (audit) => Effect.sync(() => void audits.push(audit))
      })
      assert.strictEqual(result.steps, 8)
      const [first, last] = [steps[0], steps[7]]
      // at first policy and reference are one: σ(0) = ½, and no KL
      assert.closeTo(first?.loss ?? 0, 0.5, 1e-5)
      assert.closeTo(first?.kl ?? 1, 0, 1e-4)
      assert.isBelow(last?.loss ?? 1, 0.5)
      assert.isAbove(last?.["rewards/chosen"] ?? 0, last?.["rewards/rejected"] ?? 0)
      assert.deepStrictEqual(audits[0]?.truncated, { prompt: 0, response: 0, mismatched: 0 })
    })
  )

  test.effect("has the first loss of the pairs they were taken from: a pair is two judged responses", () =>
    Effect.gen(function* () {
      const [paired, single] = [yield* request, yield* request]
      const objective = chooseLoss("apoZeroUnpaired", {})
      // 1 epoch and one batch of everything, so that order does not matter
      const whole = { objective, epochs: 1, reference: model }
      yield* train({ ...paired.made, ...whole, batchSize: 10, microBatchSize: 10 })
      yield* train({ ...single.made, ...whole, examples: judgedOf, batchSize: 20, microBatchSize: 20 })
      assert.closeTo(single.steps[0]?.loss ?? 0, paired.steps[0]?.loss ?? Number.NaN, 1e-6)
      assert.closeTo(single.steps[0]?.grad_norm ?? 0, paired.steps[0]?.grad_norm ?? Number.NaN, 1e-5)
      assert.closeTo(single.steps[0]?.["logps/chosen"] ?? 0, paired.steps[0]?.["logps/chosen"] ?? Number.NaN, 1e-4)
    })
  )

  test.effect("counts those that are cut under another prompt", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const audits: Array<Audit> = []
      const longPrompt = { role: "user", content: "crab anchor oak fox violin taxi crab anchor oak fox" } as const
      const examples = Array.from(judgedOf.slice(0, 4), (each, i) =>
        i === 0 ? { ...each, messages: [longPrompt], response: "oak" } : { ...each, response: "oak fox violin" }
      )
      const maxTokens = 18
      yield* train({
        ...made,
        objective: chooseLoss("kto", {}),
        examples,
        maxTokens,
        onAudit: (audit) => Effect.sync(() => void audits.push(audit))
      })
      assert.deepStrictEqual(audits[0]?.truncated, { prompt: 0, response: 0, mismatched: 1 })
    })
  )
})
