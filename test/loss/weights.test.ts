import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Ops } from "../../src/graph/mod.ts"
import { lengthDesensitized, wpoWeight } from "../../src/loss/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { evaluate } from "../graph/evaluate.ts"

/** Float32 roundings of 6e-8 at weights of about one. */
const TOLERANCE = 1e-6

const { log } = Math

const feed = (xs: ReadonlyArray<number>, ...shape: ReadonlyArray<number>) => ({ data: Float32Array.from(xs), shape })

describe("lengthDesensitized()", () => {
  it("weighs what the other response has no counterpart for by α", () => {
    const weights = [0, 1, 2, 3].map((place) => lengthDesensitized(place, 2, 0.5))
    assert.deepStrictEqual(weights, [1, 1, 0.5, 0.5])
  })
})

describe("weights", () => {
  layer(OnnxRuntime.layer({ threads: 1 }))("wpoWeight()", (test) => {
    test.effect("is the product of the two means, 1 for a coin's sides, whatever the other responses", () =>
      Effect.gen(function* () {
        const op = new Ops("wpo")
        const column = (name: string) => op.input(name, "float32", ["tokens", 1])
        const members = (name: string) => op.input(name, "float32", ["pairs", "tokens"])
        const number = (name: string) => op.input(name, "float32", ["pairs"])
        const weight = wpoWeight(op, {
          logProbability: column("logProbability"),
          logSquares: column("logSquares"),
          members: { chosen: members("chosen"), rejected: members("rejected") },
          length: { chosen: number("lengthChosen"), rejected: number("lengthRejected") }
        })
        op.output(weight, "weight")
        // over (3/4, 1/4) the sum of squares is 5/8: a token of 3/4 counts 6/5, one of 1/4 counts 2/5; over a fair coin, 1
        const [likely, unlikely, fair] = [log(3 / 4), log(1 / 4), log(1 / 2)]
        const skewed = log(5 / 8)
        const found = yield* evaluate(
          op.build(),
          {
            logProbability: feed([likely, unlikely, likely, fair, fair], 5, 1),
            logSquares: feed([skewed, skewed, skewed, fair, fair], 5, 1),
            // the first pair: tokens 0 and 1 against token 2; the second: token 3 against token 4
            chosen: feed([1, 1, 0, 0, 0, 0, 0, 0, 1, 0], 2, 5),
            rejected: feed([0, 0, 1, 0, 0, 0, 0, 0, 0, 1], 2, 5),
            lengthChosen: feed([2, 1], 2),
            lengthRejected: feed([1, 1], 2)
          },
          { pairs: 2, tokens: 5 }
        )
        const wanted = [Math.sqrt((6 / 5) * (2 / 5)) * (6 / 5), 1]
        Array.from(found["weight"] ?? [], Number).forEach((x, i) =>
          assert.closeTo(x, wanted[i] ?? Number.NaN, TOLERANCE)
        )
        assert.strictEqual(found["weight"]?.length, 2)
      })
    )
  })
})
