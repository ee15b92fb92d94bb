import { Effect } from "effect"
import { drawWeight, parametersOf } from "../src/checkpoint/mod.ts"
import { serialize } from "../src/graph/mod.ts"
import { decodeGraph } from "../src/model/mod.ts"
import { key, uniform } from "../src/random/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { type Decoder, decodeRows, makeSelectRows } from "../src/sampler/mod.ts"
import { median, type Row } from "./measure.ts"
import { parameterCount, shape27M } from "./shape.ts"
import { storeModel } from "./storeModel.ts"

const prompt = 128
const fresh = 128

/** Decode: `fresh` tokens after a prompt of `prompt`, for each batch; the prompt's own time is taken off. */
export const decode = Effect.fnUntraced(function* (batches: ReadonlyArray<number>) {
  const runtime = yield* OnnxRuntime
  const { folder, family, weights } = yield* storeModel(parametersOf(shape27M, "causal").parameters, (parameter) =>
    drawWeight(parameter, { seed: 0, deviation: 0.02 })
  )
  const config = shape27M
  const graph = decodeGraph({ family, config, weights, contextLength: prompt + fresh + 1, draw: "categorical" })
  const session = yield* runtime.session({ name: "decode", model: serialize(graph), externalFolder: folder })
  const decoder: Decoder = {
    config,
    session,
    draws: "categorical",
    selectRows: yield* makeSelectRows(config),
    endIds: new Set()
  }
  const rows: Array<Row> = []
  for (const batch of batches) {
    const prompts = Array.from({ length: batch }, (_, row) =>
      Int32Array.from({ length: prompt }, (_id, i) => Math.floor(uniform(key("bench", row), i) * config.vocab_size))
    )
    const run = (maxNewTokens: number) =>
      decodeRows(decoder, {
        prompts,
        rows: prompts.map((_, row) => ({ prompt: row, temperature: 1, key: key("bench", row) })),
        maxNewTokens
      })
    const once = yield* median(run(1), { warmUp: 1, runs: 3 })
    const whole = yield* median(run(1 + fresh), { warmUp: 0, runs: 3 })
    const seconds = whole - once
    const tokens = batch * fresh
    rows.push({
      shape: `batch ${batch}, ${prompt}+${fresh}`,
      seconds,
      tokens,
      gigaflops: (2 * parameterCount * tokens) / seconds / 1e9
    })
  }
  return rows
}, Effect.scoped)
