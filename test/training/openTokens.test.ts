import { NodeServices } from "@effect/platform-node"
import { assert, describe, it as fact, layer } from "@effect/vitest"
import { Effect, FileSystem, Path, Stream } from "effect"
import { batches, microBatchesOf } from "../../src/training/batches.ts"
import type { Encoded } from "../../src/training/mod.ts"
import { allOf, openTokens, rowLengths, shapeOf, ShapeTable } from "../../src/training/tokens/mod.ts"
import { pairOf, shownOf } from "./openStep.ts"

const sequence = (...ids: ReadonlyArray<number>) => ({ ids: Int32Array.from(ids), promptLength: 1 })
const masked = { ...sequence(7, 8, 9), learned: Uint8Array.of(0, 1, 0) }

/** Pairs, a single response, masks, the responses of others, an id that is not ASCII. */
const examples: ReadonlyArray<Encoded> = [
  pairOf(1, 4, 2),
  shownOf(2, 300),
  { promptId: "é", sequences: [masked, sequence(7, 5)], reference: [], margin: -0.125, fromReference: "rejected" },
  {
    promptId: "judged",
    sequences: [sequence(1, 2)],
    reference: [],
    desirable: false,
    mismatched: { sequences: [masked], reference: [] }
  },
  { promptId: "asked", sequences: [sequence(3, 4)], reference: [], alternatives: [sequence(3, 6)] },
  pairOf(3, 180, 200)
]

layer(NodeServices.layer)("openTokens()", (it) => {
  it.effect("gives back what was put, at any places in any order, and leaves no file", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      const folder = yield* fs.makeTempDirectoryScoped()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { put, tokens } = yield* openTokens(join(folder, "some", "model.tokens"))
          yield* Effect.forEach(examples, put)
          assert.deepStrictEqual(
            yield* tokens.pick([5, 0, 1, 2, 2, 4]),
            [5, 0, 1, 2, 2, 4].flatMap((i) => examples.slice(i, i + 1))
          )
          assert.deepStrictEqual((yield* Stream.runCollect(allOf(tokens))).flat(), examples)
          assert.deepStrictEqual(
            examples.map((_, i) => tokens.shapes.at(i)),
            examples.map(shapeOf).map(({ learned, trees }) => ({
              learned,
              trees: trees.map(({ lengths, shared, size }) => ({ lengths, shared, size }))
            }))
          )
        })
      )
      assert.deepStrictEqual(yield* fs.readDirectory(join(folder, "some")), [])
    }).pipe(Effect.scoped)
  )

  it.effect("holds more than it writes at once, and a row that is larger than that", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      const { put, tokens } = yield* openTokens(join(yield* fs.makeTempDirectoryScoped(), "tokens"))
      const many = Array.from({ length: 600 }, (_, i) => shownOf(i, i === 300 ? 100_000 : 1 + (i % 400)))
      yield* Effect.forEach(many, put)
      assert.deepStrictEqual((yield* Stream.runCollect(allOf(tokens))).flat(), many)
    }).pipe(Effect.scoped)
  )
})

describe("batches()", () => {
  const lengths = [5, 9, 2, 7, 7, 3, 4]
  const table = new ShapeTable()
  for (const length of lengths) table.push({ learned: 1, trees: [{ shared: 0, lengths: [length], size: length }] })
  const options = { seed: 1, epochs: 2, batchSize: 3, microBatchSize: 2 }

  fact("goes through the data in its order, the longest of a step first, those of one length as they come", () => {
    const plan = batches(rowLengths(table), { ...options, order: "data" })
    assert.deepStrictEqual([plan.total, plan.perEpoch], [6, 3])
    const epoch = [[[1, 0], [2]], [[3, 4], [5]], [[6]]]
    assert.deepStrictEqual(
      [0, 1, 2, 3, 4, 5].map((step) => plan.at(step)),
      [0, 1].flatMap((each) => epoch.map((microBatches) => ({ epoch: each, microBatches })))
    )
  })

  fact("gives a step the same whether the ones before were asked for, each example once an epoch", () => {
    const plan = batches(rowLengths(table), options)
    const all = [...microBatchesOf(plan)]
    const last = batches(rowLengths(table), options).at(5)
    assert.deepStrictEqual(last, plan.at(5))
    for (const epoch of [all.slice(0, 5), all.slice(5)]) {
      assert.deepStrictEqual(epoch.flat().toSorted(), [0, 1, 2, 3, 4, 5, 6])
    }
  })

  fact("moves the examples of a block together", () => {
    // best fit into 10, longest first: 9 alone, 7 with 3, 7 with 2, 5 with 4
    const { microBatches } = batches(rowLengths(table), {
      ...options,
      batchSize: 9,
      microBatchSize: 9,
      blockLength: 10,
      order: "data"
    }).at(0)
    assert.deepStrictEqual(microBatches, [[1, 3, 5, 4, 2, 0, 6]])
  })
})
