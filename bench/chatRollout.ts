/**
 * A rollout of a real chat model that stops by itself, so that lengths differ: continuous batches, static batches that shrink as
 * rows end, and static batches as `generate` of other libraries has them, whose rows stay until the last one ends.
 *
 * ```sh
 * npm run bench -- chat-rollout [MODEL] [--prompts FILE] [--count 64] [--responses 8] [--slots 16] [--tokens 512] [--json]
 * ```
 */
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Deferred, Effect, Layer, Stream } from "effect"
import { openCheckpoint } from "../src/checkpoint/mod.ts"
import { openData } from "../src/pipeline/data/mod.ts"
import { key } from "../src/random/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { type Decoder, openDecoder, rolloutChunkTokens, type Row } from "../src/sampler/mod.ts"
import { renderChat } from "../src/text/mod.ts"

const { positionals, values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    prompts: { type: "string", default: "../shared/data/self-instruct/data/seed_tasks.jsonl" },
    count: { type: "string", default: "64" },
    responses: { type: "string", default: "8" },
    slots: { type: "string", default: "16" },
    tokens: { type: "string", default: "512" },
    threads: { type: "string", default: "2" },
    json: { type: "boolean", default: false }
  }
})
const [model = "../shared/models/minimind2-small"] = positionals
const slots = Number(values.slots)
const maxNewTokens = Number(values.tokens)

/** Draws rows until each ends, or until `lengths` say so; gives the lengths. */
const draw = Effect.fnUntraced(function* (
  decoder: Decoder,
  rows: ReadonlyArray<Row>,
  endsAt: (row: number, id: number, drawn: number) => boolean
) {
  const done = yield* Deferred.make<void, unknown>()
  const lengths = rows.map(() => 0)
  let left = rows.length
  for (const [i, row] of rows.entries()) {
    decoder.submit(row, {
      token: (id) => {
        const drawn = (lengths[i] ?? 0) + 1
        lengths[i] = drawn
        if (drawn < maxNewTokens && !endsAt(i, id, drawn)) return true
        left -= 1
        if (left === 0) Deferred.doneUnsafe(done, Effect.void)
        return false
      },
      failed: (cause) => Deferred.doneUnsafe(done, Effect.fail(cause))
    })
  }
  yield* Deferred.await(done)
  return lengths
})

const seconds = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const started = performance.now()
  const value = yield* effect
  return { value, seconds: (performance.now() - started) / 1000 }
})

const measure = Effect.gen(function* () {
  const { config, family, folder, tokenizer, weights } = yield* openCheckpoint(model, "causal")
  const source = { path: values.prompts, format: "selfInstruct", limit: Number(values.count) }
  const opened = yield* openData({ source, kinds: ["prompts"] })
  const prompts = yield* Stream.runCollect(opened.rows)
  const slotTokens = Math.min(config.max_position_embeddings, 1024)
  const encoded = yield* Effect.forEach(prompts, ({ messages }) =>
    Effect.map(Effect.fromResult(renderChat(tokenizer, messages, { addGenerationPrompt: true })), (text) =>
      tokenizer.encode(text).slice(-(slotTokens - maxNewTokens))
    )
  )
  // each way has a decoder of its own, so that none finds prompts of another in its cache
  const fresh = openDecoder({ config, family, folder, weights }, { slots, slotTokens, chunkTokens: rolloutChunkTokens })
  const rows = encoded.flatMap((prompt, p) =>
    Array.from({ length: Number(values.responses) }, (_, i): Row => ({
      prompt: Int32Array.from(prompt),
      temperature: 1,
      key: key("rollout", p, i),
      maxNewTokens
    }))
  )
  const ended = (_row: number, id: number) => tokenizer.eosIds.includes(id)
  const batches = Array.from({ length: Math.ceil(rows.length / slots) }, (_, i) =>
    rows.slice(i * slots, (i + 1) * slots)
  )
  const continuous = yield* Effect.scoped(Effect.flatMap(fresh, (decoder) => seconds(draw(decoder, rows, ended))))
  const lengths = continuous.value
  const inBatches = (endsAt: (batch: number) => (row: number, id: number, drawn: number) => boolean) =>
    Effect.scoped(
      Effect.flatMap(fresh, (decoder) =>
        seconds(Effect.forEach(batches, (batch, i) => draw(decoder, batch, endsAt(i)), { discard: true }))
      )
    )
  const shrinking = yield* inBatches(() => ended)
  const whole = yield* inBatches((i) => {
    const longest = Math.max(...lengths.slice(i * slots, (i + 1) * slots))
    return (_row, _id, drawn) => drawn >= longest
  })
  const tokens = lengths.reduce((sum, length) => sum + length, 0)
  const ways = { continuous, "static, shrinking": shrinking, static: whole }
  const found = Object.entries(ways).map(([way, taken]) => ({
    benchmark: "chat-rollout",
    shape: `${prompts.length} x ${values.responses}, ${slots} slots, at most ${maxNewTokens} tokens`,
    "mean tokens": Math.round(tokens / rows.length),
    way,
    seconds: Number(taken.seconds.toFixed(1)),
    "tokens/s": Math.round(tokens / taken.seconds),
    "continuous is quicker by": Number((taken.seconds / continuous.seconds).toFixed(2))
  }))
  if (values.json) for (const row of found) process.stdout.write(`${JSON.stringify(row)}\n`)
  else console.table(found)
})

measure.pipe(
  Effect.provide(OnnxRuntime.layer({ threads: Number(values.threads) }).pipe(Layer.provideMerge(NodeServices.layer))),
  NodeRuntime.runMain
)
