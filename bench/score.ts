import { Effect } from "effect"
import { drawWeight, parametersOf } from "../src/checkpoint/mod.ts"
import { serialize } from "../src/graph/mod.ts"
import { rewardGraph, type Sequence } from "../src/model/mod.ts"
import { key, uniform } from "../src/random/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { scoreSequences } from "../src/scorer/mod.ts"
import { median, type Row } from "./measure.ts"
import { parameterCount, shape27M } from "./shape.ts"
import { storeModel } from "./storeModel.ts"

const count = 64

/** Lengths that are spread evenly, and lengths as responses have them that stop by themselves: many short, few long. Units: tokens. */
const spreads = {
  "64-256, evenly": (share: number) => 64 + 192 * share,
  "32-512, few long": (share: number) => 32 + 480 * share ** 2
}
const longest = 512

/** Rewards of `count` sequences of mixed length, 8 at a time. */
export const score = Effect.gen(function* () {
  const runtime = yield* OnnxRuntime
  const { parameters } = parametersOf(shape27M, "reward")
  const { folder, family, weights } = yield* storeModel(parameters, (parameter) =>
    drawWeight(parameter, { seed: 0, deviation: 0.02 })
  )
  const graph = rewardGraph({ family, config: shape27M, contextLength: longest }, weights)
  const session = yield* runtime.session({ name: "reward", model: serialize(graph), externalFolder: folder })
  const trunk = parameterCount - shape27M.vocab_size * shape27M.hidden_size
  const rows: Array<Row> = []
  for (const [name, lengthOf] of Object.entries(spreads)) {
    const sequences = Array.from({ length: count }, (_, row): Sequence => {
      const length = Math.round(lengthOf(row / (count - 1)))
      const ids = Int32Array.from({ length }, (_id, i) =>
        Math.floor(uniform(key("bench", row), i) * shape27M.vocab_size)
      )
      return { ids, promptLength: 1 }
    })
    const tokens = sequences.reduce((sum, { ids }) => sum + ids.length, 0)
    const run = scoreSequences({ session, output: "rewards", sequences, batchSize: 8, read: "last" })
    const seconds = yield* median(run, { warmUp: 1, runs: 5 })
    rows.push({ shape: `${count} x ${name}`, seconds, tokens, gigaflops: (2 * trunk * tokens) / seconds / 1e9 })
  }
  return rows
}).pipe(Effect.scoped)
