import { Effect } from "effect"
import { drawWeight, parametersOf } from "../src/checkpoint/mod.ts"
import { serialize } from "../src/graph/mod.ts"
import { rewardGraph, type Sequence } from "../src/model/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { scoreSequences } from "../src/scorer/mod.ts"
import { median, type Row } from "./measure.ts"
import { contextLength, scoreShapes } from "./scoreShapes.ts"
import { parameterCount, shape27M } from "./shape.ts"
import { storeModel } from "./storeModel.ts"

/** Sequences of one batch. */
export const batchSize = 8

/** A reward model of the measured shape, for as long as the scope is open. */
export const openScorer = Effect.gen(function* () {
  const runtime = yield* OnnxRuntime
  const { parameters } = parametersOf(shape27M, "reward")
  const { folder, family, weights } = yield* storeModel(parameters, (parameter) =>
    drawWeight(parameter, { seed: 0, deviation: 0.02 })
  )
  const graph = rewardGraph({ family, config: shape27M, contextLength }, weights)
  const session = yield* runtime.session({ name: "reward", model: serialize(graph), externalFolder: folder })
  return (sequences: ReadonlyArray<Sequence>) =>
    scoreSequences({ session, output: "rewards", sequences, batchSize, read: "last" })
})

/** Tokens of conversations, a prompt counted with each of its responses. */
export const tokensOf = (sequences: ReadonlyArray<Sequence>): number =>
  sequences.reduce((sum, { ids }) => sum + ids.length, 0)

/** Rewards of sequences of mixed length; work that is saved counts as done in "gigaflops". */
export const score = Effect.gen(function* () {
  const scorer = yield* openScorer
  const trunk = parameterCount - shape27M.vocab_size * shape27M.hidden_size
  const rows: Array<Row> = []
  for (const [name, sequences] of yield* scoreShapes) {
    const tokens = tokensOf(sequences)
    const seconds = yield* median(scorer(sequences), { warmUp: 1, runs: 5 })
    rows.push({
      shape: `${sequences.length} x ${name}`,
      seconds,
      tokens,
      gigaflops: (2 * trunk * tokens) / seconds / 1e9
    })
  }
  return rows
}).pipe(Effect.scoped)
