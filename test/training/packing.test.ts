import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { chooseLoss } from "../../src/loss/mod.ts"
import { layoutSheet, layoutStrip, treesOf } from "../../src/model/mod.ts"
import { batches } from "../../src/training/batches.ts"
import { type Encoded, totalsOf } from "../../src/training/mod.ts"
import { sequencesOf } from "../../src/training/objective/mod.ts"
import { rowLength, shapeOf } from "../../src/training/tokens/mod.ts"
import { Services } from "../recordings.ts"
import { apart, openStep, pairOf, shownOf } from "./openStep.ts"

/** Sums of float32 in another order. */
const ROUNDING = 1e-5

/** Documents of 4 to 13 ids: several of them share a row as long as the longest. */
const documents = [10, 2, 3, 7, 1, 5].map((length, i) => shownOf(i, length))

const pairs = [pairOf(1, 4, 2), pairOf(2, 1, 9), pairOf(3, 3, 3), pairOf(4, 2, 1)]

/** Too long for a row that is shared: each response has a row of its own, behind the prompt. */
const longPairs = [pairOf(5, 180, 120), pairOf(6, 90, 200)]

/** The same pairs with prompts that no longer are one: chosen and rejected stand apart, each with its own prompt. */
const alone = ({ sequences, ...rest }: Encoded): ReadonlyArray<Encoded> =>
  Array.from(sequences, (sequence) => ({ ...rest, sequences: [sequence] }))

const sheetOf = (examples: ReadonlyArray<Encoded>) =>
  layoutSheet(
    examples.flatMap((example) => treesOf(sequencesOf(example))),
    { read: "select" }
  )

layer(Services)("a packed block", (it) => {
  it.effect("has the loss and the gradients of its documents one by one", () =>
    Effect.gen(function* () {
      const { gradientsOf } = yield* openStep({ sft: {} })
      const { bands } = layoutStrip(documents.map(sequencesOf), { predict: "learned" })
      assert.deepStrictEqual(bands, [{ from: 0, rows: 1, tokens: 48, prefix: { from: 0, tokens: 0 } }]) // 13, 10, 8, 6, 5 and 4 ids in one row
      const packed = yield* gradientsOf([documents])
      const single = yield* gradientsOf(documents.map((document) => [document]))
      assert.closeTo(packed.loss, single.loss, ROUNDING * single.loss)
      assert.isBelow(apart(single.gradients, packed.gradients), ROUNDING)
    }).pipe(Effect.scoped)
  )

  it.effect("keeps documents apart: another neighbour leaves log-probabilities as they are, bit for bit", () =>
    Effect.gen(function* () {
      const { step, tensors } = yield* openStep({ sft: {} })
      const [first = shownOf(0, 1), ...others] = documents
      const saidOf = (examples: ReadonlyArray<Encoded>) =>
        Effect.map(step.answer(examples, tensors), ({ block, spoken }) => [
          block.bands,
          spoken.said.slice(0, block.starts[others.length])
        ])
      const before = yield* saidOf([...others, first])
      // as long as the one it replaces, with other ids
      const after = yield* saidOf([...others, shownOf(99, 10)])
      assert.deepStrictEqual(after, before)
    }).pipe(Effect.scoped)
  )

  it.effect("keeps documents of one row apart", () =>
    Effect.gen(function* () {
      const { step, tensors } = yield* openStep({ sft: {} })
      const filler = shownOf(7, 40)
      const saidOf = (last: Encoded) =>
        Effect.map(step.answer([filler, ...documents.slice(1, 4), last], tensors), ({ block, spoken }) => {
          assert.deepStrictEqual(
            block.bands.map(({ rows }) => rows),
            [1]
          )
          return spoken.said.slice(block.starts[1], block.starts[4])
        })
      assert.deepStrictEqual(yield* saidOf(shownOf(98, 5)), yield* saidOf(shownOf(97, 5)))
    }).pipe(Effect.scoped)
  )

  for (const [name, choice] of [
    ["dpo", chooseLoss("dpo", { klCoefficient: 0.1 })],
    ["bradleyTerry", chooseLoss("bradleyTerry", {})]
  ] as const) {
    it.effect(`of ${name} computes a shared prompt once, with the numbers of rows that stand alone`, () =>
      Effect.gen(function* () {
        const { gradientsOf, step, tensors } = yield* openStep(choice)
        const referred = Array.from(pairs, (pair, i) => ({ ...pair, reference: [-20 - i, -25 + i] }))
        const shared = sheetOf(referred)
        const apartRows = sheetOf(referred.flatMap(alone))
        assert.isBelow(shared.filled, apartRows.filled)
        assert.strictEqual(apartRows.filled - shared.filled, 3 * pairs.length)
        // what is said of every token, or every sequence, of each alone, one after the other
        const together = yield* step.answer(referred, tensors)
        const singly = yield* Effect.forEach(referred.flatMap(alone), (one) => step.answer([one], tensors))
        const said = singly.flatMap(({ spoken }) => Array.from(spoken.said))
        assert.strictEqual(together.spoken.said.length, said.length)
        said.forEach((x, i) =>
          assert.closeTo(together.spoken.said[i] ?? Number.NaN, x, ROUNDING * Math.max(1, Math.abs(x)))
        )
        // and the same losses and gradients, each pair alone
        const packed = yield* gradientsOf([referred])
        const padded = yield* gradientsOf(referred.map((pair) => [pair]))
        assert.closeTo(packed.loss, padded.loss, ROUNDING * Math.abs(padded.loss))
        assert.isBelow(apart(padded.gradients, packed.gradients), ROUNDING)
      }).pipe(Effect.scoped)
    )

    for (const [length, some] of [
      ["short", pairs],
      ["long", longPairs]
    ] as const) {
      it.effect(`of ${name} has the gradients of the same ${length} pairs with their prompts written twice`, () =>
        Effect.gen(function* () {
          const { gradientsOf } = yield* openStep(choice)
          const referred = Array.from(some, (pair, i) => ({ ...pair, reference: [-20 - i, -25 + i] }))
          const twice = Array.from(referred, (pair) => ({ ...pair, sequences: pair.sequences.map(notShared) }))
          assert.deepStrictEqual(
            [referred, twice].map((all) => all.flatMap(({ sequences }) => treesOf(sequences)).length),
            [some.length, 2 * some.length]
          )
          const prefixes = layoutStrip(referred.map(sequencesOf), { predict: "all" }).bands.filter(
            ({ prefix }) => prefix.tokens > 0
          )
          assert.strictEqual(prefixes.length, length === "long" ? some.length : 0)
          const [one, two] = [yield* gradientsOf([referred]), yield* gradientsOf([twice])]
          assert.closeTo(one.loss, two.loss, ROUNDING * Math.abs(two.loss))
          for (const [key, value] of Object.entries(one.measures)) {
            const { sum, count } = two.measures[key] ?? { sum: Number.NaN, count: Number.NaN }
            assert.strictEqual(value.count, count)
            assert.closeTo(value.sum, sum, ROUNDING * Math.max(1, Math.abs(sum)), key)
          }
          assert.isBelow(apart(two.gradients, one.gradients), ROUNDING)
        }).pipe(Effect.scoped)
      )
    }
  }
})

/** The same sequence, its prompt said to be shorter in one of two, so that the two are no tree; the same ids are learned. */
const notShared = ({ ids, promptLength }: Encoded["sequences"][number], which: number) => ({
  ids,
  promptLength: promptLength - which,
  learned: Uint8Array.from(ids, (_, i) => (i >= promptLength ? 1 : 0))
})

layer(Services)("several passes", (it) => {
  /** A step's gradients are the same sums in another order. */
  const same = 1e-6
  const eight = [4, 1, 7, 2, 5, 3, 6, 2]
  const mixture = {
    mixture: [
      { loss: chooseLoss("dpo", { klCoefficient: 0.1 }), weight: 1 },
      { loss: chooseLoss("nll", {}), weight: 0.7 }
    ]
  }
  const ways = [
    ["dpo", chooseLoss("dpo", { klCoefficient: 0.1 })],
    ["sft on unequal lengths", { sft: {} }],
    ["a mixture of dpo and nll", mixture],
    ["bradleyTerry", chooseLoss("bradleyTerry", { centering: 0.01 })]
  ] as const

  for (const [name, choice] of ways) {
    it.effect(`of ${name} give the same loss and gradients, 1 × 8, 2 × 4 or 8 × 1`, () =>
      Effect.gen(function* () {
        const { gradientsOf, objective } = yield* openStep(choice)
        const examples = Array.from(eight, (length, i) =>
          objective.on === "demonstrations"
            ? shownOf(i, length)
            : { ...pairOf(i, length, 1 + (i % 3)), reference: [-10 * length, -10 - i] }
        )
        const at = (size: number) =>
          batches(
            Int32Array.from(examples, (example) => rowLength(shapeOf(example))),
            {
              seed: 1,
              epochs: 1,
              batchSize: 8,
              microBatchSize: size
            }
          )
            .at(0)
            .microBatches.map((places) => places.flatMap((i) => examples.slice(i, i + 1)))
        const [whole, halves, singles] = [at(8), at(4), at(1)]
        assert.deepStrictEqual([whole.length, halves.length, singles.length], [1, 2, 8])
        const wanted = yield* gradientsOf(whole)
        for (const passes of [halves, singles]) {
          const found = yield* gradientsOf(passes)
          assert.closeTo(found.loss, wanted.loss, same * Math.abs(wanted.loss))
          assert.isBelow(apart(wanted.gradients, found.gradients), same)
        }
        assert.strictEqual(totalsOf(singles.flat()).tokens, totalsOf(examples).tokens)
      }).pipe(Effect.scoped)
    )
  }
})

layer(Services)("a mixture with nll", (it) => {
  it.effect("tells nll_loss: the mean negative log-likelihood of a token of the chosen responses", () =>
    Effect.gen(function* () {
      const dpo = chooseLoss("dpo", { klCoefficient: 0.1 })
      const mixture = [
        { loss: dpo, weight: 1 },
        { loss: chooseLoss("nll", {}), weight: 0.5 }
      ]
      const referred = Array.from(pairs, (pair, i) => ({ ...pair, reference: [-20 - i, -25 + i] }))
      const mixed = yield* Effect.flatMap(openStep({ mixture }), ({ gradientsOf }) => gradientsOf([referred]))
      const only = yield* Effect.flatMap(openStep(dpo), ({ gradientsOf }) => gradientsOf([referred]))
      const { sum, count } = mixed.measures["nll_loss"] ?? { sum: Number.NaN, count: Number.NaN }
      assert.strictEqual(count, 10) // responses of 4, 1, 3 and 2 tokens
      assert.strictEqual(only.measures["nll_loss"], undefined)
      assert.closeTo(mixed.loss, only.loss + (0.5 * sum) / count, ROUNDING * mixed.loss)
    }).pipe(Effect.scoped)
  )
})
