import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { layoutBlock, responseLogProbability, type Sequence } from "../../src/model/mod.ts"
import { packTrees, treesOf } from "../../src/model/Tree.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { distance, Services } from "../recordings.ts"
import { families } from "./families.ts"
import { evaluateOn, graphOver, openFamily } from "./openFamily.ts"

/** Examples of one to three sequences, mostly with a shared prompt; a pure function of the seed. */
const examplesOf = (seed: number): ReadonlyArray<ReadonlyArray<Sequence>> => {
  const random = key("packing", seed)
  let at = 0
  const below = (n: number) => Math.floor(n * uniform(random, at++))
  const idsOf = (n: number) => Array.from({ length: n }, () => 4 + below(180))
  return Array.from({ length: 1 + below(5) }, () => {
    const shares = below(4) > 0
    const prompt = idsOf(1 + below(6))
    return Array.from({ length: 1 + below(3) }, () => {
      const own = shares ? prompt : idsOf(1 + below(6))
      return { ids: Int32Array.from([...own, ...idsOf(1 + below(7))]), promptLength: own.length }
    })
  })
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed)

const sizesOf = (examples: ReadonlyArray<ReadonlyArray<Sequence>>) => examples.flatMap(treesOf).map(({ size }) => size)

describe("packTrees()", () => {
  it("puts a tree into the row that it fills best, not the first that has room", () => {
    // 13 leaves 7; 9 needs a second row and leaves 11, of which 8 takes all but 3; the last 3 fits there exactly
    assert.deepStrictEqual(packTrees([3, 9, 13, 8], 20), { rows: [[2], [1, 3, 0]], tokens: 20 })
  })

  it("keeps every tree once, no row over capacity, and opens a row only for what fits nowhere", () => {
    for (const seed of seeds) {
      const sizes = sizesOf(examplesOf(seed))
      const limit = Math.max(24, ...sizes)
      const { rows, tokens } = packTrees(sizes, 24)
      const totals = rows.map((members) => members.reduce((sum, member) => sum + (sizes[member] ?? Number.NaN), 0))
      assert.deepStrictEqual(
        rows.flat().toSorted((a, b) => a - b),
        sizes.map((_, i) => i)
      )
      assert.strictEqual(Math.max(...totals), tokens)
      assert.isAtMost(tokens, limit)
      rows.forEach(([first = -1], row) => {
        for (const before of totals.slice(0, row)) assert.isAbove(before + (sizes[first] ?? Number.NaN), limit)
      })
    }
  })
})

describe("layoutBlock()", () => {
  it("lays every token once: each sequence is read back by its document, branch and positions", () => {
    for (const seed of seeds) {
      const examples = examplesOf(seed)
      const block = layoutBlock(examples, { capacity: 24 })
      const sequences = examples.flat()
      const readBack = Array.from(block.last, (last) => {
        const at = Number(last)
        const row = Math.floor(at / block.tokens)
        const cells = Array.from({ length: block.tokens }, (_, i) => row * block.tokens + i).filter(
          (i) =>
            block.document[i] === block.document[at] && (block.branch[i] === block.branch[at] || block.branch[i] === 0n)
        )
        return Array.from(cells, (i) => [Number(block.positions[i]), Number(block.ids[i])] as const)
      })
      assert.deepStrictEqual(
        readBack,
        sequences.map(({ ids }) => Array.from(ids, (id, i) => [i, id] as const))
      )
      // each tree has its own tokens and its shared ones once, so the filled places are no more than these
      assert.strictEqual(block.document.filter((document) => document >= 0n).length, block.filled)
      assert.strictEqual(
        block.filled,
        sizesOf(examples).reduce((sum, size) => sum + size, 0)
      )
    }
  })

  it("writes a prompt that all responses share once", () => {
    for (const seed of seeds) {
      for (const example of examplesOf(seed)) {
        const [first] = example
        const prompts = new Set(example.map(({ ids, promptLength }) => String(ids.subarray(0, promptLength))))
        const lengths = example.reduce((sum, { ids }) => sum + ids.length, 0)
        const saved = prompts.size === 1 ? (example.length - 1) * (first?.promptLength ?? 0) : 0
        assert.strictEqual(layoutBlock([example]).filled, lengths - saved)
      }
    }
  })

  it("selects for each response token the place of the token before it", () => {
    for (const seed of seeds) {
      const sequences = examplesOf(seed).flat()
      const block = layoutBlock(examplesOf(seed), { capacity: 24 })
      sequences.forEach(({ ids, promptLength }, sequence) => {
        const range = [block.starts[sequence], block.starts[sequence + 1]] as const
        const before = Array.from(block.select.slice(...range), Number)
        assert.deepStrictEqual(
          before.map((at) => [Number(block.positions[at]), Number(block.ids[at])]),
          Array.from(ids.subarray(promptLength - 1, -1), (id, i) => [promptLength - 1 + i, id])
        )
        assert.deepStrictEqual(Array.from(block.targets.slice(...range), Number), [...ids.subarray(promptLength)])
      })
    }
  })
})

/** Log-probabilities of about −5 in float32, from sums over rows of other lengths. */
const tolerance = 1e-5

layer(Services)("responseLogProbability()", (it) => {
  for (const name of Object.keys(families)) {
    it.effect(`gives ${name}'s log-probabilities whatever shares the row`, () =>
      Effect.gen(function* () {
        const opened = yield* openFamily(name)
        const graph = graphOver(opened, (op, model, parameterOf) => {
          op.output(responseLogProbability(op, model, parameterOf), "logProbabilities")
        })
        const perToken = (examples: ReadonlyArray<ReadonlyArray<Sequence>>, capacity: number) =>
          Effect.map(evaluateOn(opened, graph, layoutBlock(examples, { capacity })), (found) =>
            Array.from(found["logProbabilities"] ?? [], Number)
          )
        for (const seed of [1, 2, 3]) {
          const examples = examplesOf(seed)
          const alone = yield* Effect.forEach(examples.flat(), (sequence) => perToken([[sequence]], 0))
          for (const capacity of [0, 24, 64]) {
            assert.isBelow(distance(yield* perToken(examples, capacity), alone.flat()), tolerance)
          }
        }
      })
    )
  }
})
