import { Effect } from "effect"
import { drawWeight, parametersOf } from "../src/checkpoint/mod.ts"
import { key, uniform } from "../src/random/mod.ts"
import { type Decoder, openDecoder, rolloutChunkTokens } from "../src/sampler/mod.ts"
import { drawRows, type TimedRow } from "./drawRows.ts"
import type { Row } from "./measure.ts"
import { parameterCount, shape27M } from "./shape.ts"
import { storeModel } from "./storeModel.ts"

const config = { ...shape27M, max_position_embeddings: 1024 }
const slots = 16

/** Units: tokens. */
const size = { prompt: 64, shortest: 8, longest: 128, longPrompt: 512, afterLong: 32 }

const promptOf = (length: number, ...path: ReadonlyArray<number | string>): Int32Array =>
  Int32Array.from({ length }, (_, i) => Math.floor(uniform(key("prompt", ...path), i) * config.vocab_size))

/** Rows of `responses` to each of `prompts` prompts, whose lengths differ as responses that stop by themselves do. */
const unequal = (name: string, { prompts, responses }: { readonly prompts: number; readonly responses: number }) =>
  Array.from({ length: prompts * responses }, (_, i): TimedRow => {
    const spread = size.longest - size.shortest
    return {
      prompt: promptOf(size.prompt, name, Math.floor(i / responses)),
      temperature: 1,
      maxNewTokens: size.longest,
      stopAfter: size.shortest + Math.floor(spread * uniform(key("length", i), 0) ** 2),
      key: key("row", i)
    }
  })

/** Rows after long prompts, each asked for `responses` times, or as many prompts that have nothing in common. */
const long = (name: string, { responses, rows, same }: { responses: number; rows: number; same: boolean }) =>
  Array.from({ length: rows }, (_, i): TimedRow => ({
    prompt: promptOf(size.longPrompt, name, same ? Math.floor(i / responses) : i),
    temperature: 1,
    maxNewTokens: size.afterLong,
    key: key("row", i)
  }))

/** One batch after another: the next begins when the last row of the one before has ended. */
const inBatches = (decoder: Decoder, rows: ReadonlyArray<TimedRow>) =>
  Effect.forEach(
    Array.from({ length: Math.ceil(rows.length / slots) }, (_, i) => rows.slice(i * slots, (i + 1) * slots)),
    (batch) => drawRows(decoder, batch),
    { discard: true }
  )

const timed = Effect.fnUntraced(function* (
  shape: string,
  rows: ReadonlyArray<TimedRow>,
  run: Effect.Effect<void, unknown>
) {
  const started = performance.now()
  yield* run
  const seconds = (performance.now() - started) / 1000
  const tokens = rows.reduce((sum, { maxNewTokens, stopAfter }) => sum + (stopAfter ?? maxNewTokens), 0)
  return { shape, seconds, tokens, gigaflops: (2 * parameterCount * tokens) / seconds / 1e9 } satisfies Row
})

/** Responses of unequal lengths in continuous and in static batches, and long prompts that are shared and that are not. */
export const rollout = Effect.fnUntraced(function* (asked: { readonly prompts: number; readonly responses: number }) {
  const stored = yield* storeModel(parametersOf(config, "causal").parameters, (parameter) =>
    drawWeight(parameter, { seed: 0, deviation: 0.02 })
  )
  const decoder = yield* openDecoder(
    { config, ...stored },
    { slots, slotTokens: size.longPrompt + size.afterLong, chunkTokens: rolloutChunkTokens }
  )
  const { prompts, responses } = asked
  yield* drawRows(decoder, unequal("warm up", { prompts: 1, responses: slots }))
  const [first, second] = [unequal("continuous", asked), unequal("static", asked)]
  const rows = Math.ceil((prompts * responses) / 4)
  const [shared, apart] = [true, false].map((same) => long(same ? "shared" : "apart", { responses, rows, same }))
  const name = `${prompts} x ${responses}, ${size.prompt}+${size.shortest}..${size.longest}`
  const longName = `${rows} rows, ${size.longPrompt}+${size.afterLong}`
  return [
    yield* timed(`${name}, continuous`, first, drawRows(decoder, first)),
    yield* timed(`${name}, static`, second, inBatches(decoder, second)),
    yield* timed(`${longName}, ${responses} per prompt`, shared ?? [], drawRows(decoder, shared ?? [])),
    yield* timed(`${longName}, nothing shared`, apart ?? [], drawRows(decoder, apart ?? []))
  ]
}, Effect.scoped)
