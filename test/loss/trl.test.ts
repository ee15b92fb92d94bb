import { assert, describe, layer } from "@effect/vitest"
import { Effect, Result } from "effect"
import { Ops } from "../../src/graph/mod.ts"
import { type BoundLoss, lengthDesensitized, type LossName, losses, mixtureOf, wpoWeight } from "../../src/loss/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { evaluate } from "../graph/evaluate.ts"
import type { Numbers } from "./Case.ts"
import { evaluateLoss } from "./evaluateLoss.ts"
import { choose, decoded, graphOf } from "./graphOf.ts"
import { pairs, rows, type Rows, type Sides, sum, trl } from "./recordedTrl.ts"

/** TRL sums in float32 in another order: some roundings of 6e-8 at means below twenty. */
const TOLERANCE = 5e-6

/** The vector of a loss on those numbers that it reads. */
const vectorOf = Effect.fnUntraced(function* (loss: BoundLoss, numbers: Numbers) {
  const { reads } = graphOf(loss, "float32")
  const { vector } = yield* evaluateLoss(loss, Object.fromEntries(reads.map((term) => [term, numbers[term] ?? []])))
  return vector
})

/** The mean of a loss over what it is averaged over. */
const meanOf = Effect.fnUntraced(function* (loss: BoundLoss, numbers: Numbers) {
  const vector = yield* vectorOf(loss, numbers)
  return sum(vector) / (loss.per === "chosenToken" ? sum(trl.lengths.chosen) : vector.length)
})

/** Per-token rows as a column, and which of its tokens are of the response of each pair. */
const flat = ({ chosen, rejected }: Sides<Rows>) => {
  const all = [...chosen, ...rejected]
  const owner = all.flatMap((row, i) => row.map(() => i))
  const members = (from: number) =>
    Float32Array.from(chosen.flatMap((_, i) => owner.map((each) => (each === i + from ? 1 : 0))))
  return { column: Float32Array.from(all.flat()), chosen: members(0), rejected: members(chosen.length) }
}

/** The weights of the recorded pairs. */
const recordedWeights = Effect.gen(function* () {
  const op = new Ops("wpo")
  const column = (name: string) => op.input(name, "float32", ["tokens", 1])
  const members = (name: string) => op.input(name, "float32", ["pairs", "tokens"])
  const length = (name: string) => op.input(name, "float32", ["pairs"])
  const weight = wpoWeight(op, {
    logProbability: column("logProbability"),
    logSquares: column("logSquares"),
    members: { chosen: members("chosen"), rejected: members("rejected") },
    length: { chosen: length("lengthChosen"), rejected: length("lengthRejected") }
  })
  op.output(weight, "weight")
  const { column: data, chosen, rejected } = flat(trl.perToken)
  const [count, tokens] = [trl.lengths.chosen.length, data.length]
  const found = yield* evaluate(
    op.build(),
    {
      logProbability: { data, shape: [tokens, 1] },
      logSquares: { data: flat(trl.perTokenSquares).column, shape: [tokens, 1] },
      chosen: { data: chosen, shape: [count, tokens] },
      rejected: { data: rejected, shape: [count, tokens] },
      lengthChosen: { data: Float32Array.from(trl.lengths.chosen), shape: [count] },
      lengthRejected: { data: Float32Array.from(trl.lengths.rejected), shape: [count] }
    },
    { pairs: count, tokens }
  )
  return Array.from(found["weight"] ?? [], Number)
})

describe("as TRL computes it", () => {
  layer(OnnxRuntime.layer({ threads: 1 }))("a loss", (it) => {
    for (const { loss, options, mean } of trl.pairs) {
      it.effect(`${loss} ${JSON.stringify(options)} on pairs`, () =>
        Effect.map(meanOf(choose(loss, options), pairs), (found) => assert.closeTo(found, mean, TOLERANCE))
      )
    }
    for (const { loss, options, mean } of trl.rows) {
      it.effect(`${loss} ${JSON.stringify(options)} on rows`, () =>
        Effect.map(meanOf(choose(loss, options), rows), (found) => assert.closeTo(found, mean, TOLERANCE))
      )
    }
    it.effect("bcoUnpaired, chosen desirable and rejected not", () =>
      Effect.gen(function* () {
        const { options, runningReward, mean } = trl.bco
        const numbers = { ...rows, desirable: [1, 1, 1, 0, 0, 0], runningReward: [runningReward] }
        assert.closeTo(yield* meanOf(choose("bcoUnpaired", options), numbers), mean, TOLERANCE)
      })
    )
    for (const { options, mean } of trl.bradleyTerry) {
      it.effect(`bradleyTerry ${JSON.stringify(options)}`, () =>
        Effect.map(meanOf(choose("bradleyTerry", options), trl.rewards), (found) =>
          assert.closeTo(found, mean, TOLERANCE)
        )
      )
    }
    it.effect("xpo mixed with dpo", () =>
      Effect.gen(function* () {
        const dpo = yield* meanOf(choose("dpo", trl.xpo.dpo), pairs)
        const xpo = yield* meanOf(choose("xpo", trl.xpo.xpo), pairs)
        assert.closeTo(dpo + xpo, trl.xpo.mean, TOLERANCE)
      })
    )
    it.effect("the mixture of MPO: 0.8 dpo, 0.2 bco, nll", () =>
      Effect.gen(function* () {
        const { weights, options, mean } = trl.mpo
        const [first = 0, second = 0, third = 0] = weights
        const mixture = Result.getOrThrow(
          mixtureOf([
            { loss: decoded("dpo", options), weight: first },
            { loss: decoded("bco", options), weight: second },
            { loss: decoded("nll", {}), weight: third }
          ])
        )
        let total = 0
        for (const { loss, weight } of mixture.parts) total += weight * (yield* meanOf(loss, pairs))
        assert.closeTo(total, mean, TOLERANCE)
      })
    )
    it.effect("dpo of length-desensitized sums", () =>
      Effect.gen(function* () {
        const { alpha, options, mean } = trl.lengthDesensitized
        const weighed = (own: keyof Sides<Rows>, other: keyof Sides<Rows>) =>
          trl.perToken[own].map((tokens, i) =>
            sum(tokens.map((logp, t) => logp * lengthDesensitized(t, trl.lengths[other][i] ?? 0, alpha)))
          )
        const numbers = {
          ...pairs,
          "policy.chosen": weighed("chosen", "rejected"),
          "policy.rejected": weighed("rejected", "chosen")
        }
        assert.closeTo(yield* meanOf(choose("dpo", options), numbers), mean, TOLERANCE)
      })
    )
    it.effect("dpo weighted as WPO weighs pairs", () =>
      Effect.gen(function* () {
        const weights = yield* recordedWeights
        const vector = yield* vectorOf(choose("dpo", trl.wpo.options), pairs)
        const mean = sum(vector.map((loss, i) => loss * (weights[i] ?? Number.NaN))) / vector.length
        assert.closeTo(mean, trl.wpo.mean, TOLERANCE)
      })
    )
    it("is recorded for most of the table", () => {
      const recorded = new Set([...trl.pairs, ...trl.rows].map(({ loss }) => loss))
      const others = (Object.keys(losses) as ReadonlyArray<LossName>).filter((name) => !recorded.has(name)) // as: a literal table
      assert.deepStrictEqual(others, [
        "revKl",
        "kl",
        "tv",
        "hellinger",
        "raft",
        "crossEntropy",
        "xpo",
        "selm",
        "vpo",
        "bcoUnpaired",
        "bradleyTerry"
      ])
    })
  })
})
