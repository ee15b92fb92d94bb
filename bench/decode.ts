import { Effect } from "effect"
import { drawWeight, parametersOf } from "../src/checkpoint/mod.ts"
import { key, uniform } from "../src/random/mod.ts"
import { openDecoder, rolloutChunkTokens } from "../src/sampler/mod.ts"
import { drawRows } from "./drawRows.ts"
import { median, type Row } from "./measure.ts"
import { parameterCount, shape27M } from "./shape.ts"
import { storeModel } from "./storeModel.ts"

const prompt = 128
const fresh = 128

/** Decode: `fresh` tokens after a prompt of `prompt`, for each batch; the prompt's own time is taken off. */
export const decode = Effect.fnUntraced(function* (batches: ReadonlyArray<number>) {
  const config = shape27M
  const stored = yield* storeModel(parametersOf(config, "causal").parameters, (parameter) =>
    drawWeight(parameter, { seed: 0, deviation: 0.02 })
  )
  const rows: Array<Row> = []
  for (const batch of batches) {
    const measured = Effect.gen(function* () {
      const decoder = yield* openDecoder(
        { config, ...stored },
        { slots: batch, slotTokens: prompt + fresh, chunkTokens: rolloutChunkTokens }
      )
      // every run has prompts of its own, so that none is found in the cache
      let runs = 0
      const run = (maxNewTokens: number) =>
        Effect.suspend(() => {
          runs += 1
          return drawRows(
            decoder,
            Array.from({ length: batch }, (_, row) => ({
              prompt: Int32Array.from({ length: prompt }, (_id, i) =>
                Math.floor(uniform(key("bench", runs, row), i) * config.vocab_size)
              ),
              temperature: 1,
              key: key("bench", row),
              maxNewTokens
            }))
          )
        })
      const once = yield* median(run(1), { warmUp: 1, runs: 3 })
      const whole = yield* median(run(1 + fresh), { warmUp: 0, runs: 3 })
      return whole - once
    })
    const seconds = yield* Effect.scoped(measured)
    const tokens = batch * fresh
    rows.push({
      shape: `batch ${batch}, ${prompt}+${fresh}`,
      seconds,
      tokens,
      gigaflops: (2 * parameterCount * tokens) / seconds / 1e9,
      bytes: 4 * parameterCount * fresh // every step reads each weight once
    })
  }
  return rows
}, Effect.scoped)
