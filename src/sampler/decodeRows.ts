import { Effect, Exit, Scope } from "effect"
import type { ModelConfig } from "../model/mod.ts"
import { type Key, uniform } from "../random/mod.ts"
import { OnnxRuntime, type Session } from "../runtime/mod.ts"
import { allocateCache, type Cache, cacheBindings, type makeSelectRows } from "./cache.ts"

/** One response to be drawn. */
export interface Row {
  /** Index into the prompts of the batch. */
  readonly prompt: number
  readonly temperature: number
  /** The key of (seed, iteration, prompt, sample): the position is the index under it. */
  readonly key: Key
}

/** What the decode loop works with. */
export interface Decoder {
  readonly config: ModelConfig
  readonly session: Session
  readonly draws: "categorical" | "greedy"
  readonly selectRows: Effect.Success<ReturnType<typeof makeSelectRows>>
  readonly endIds: ReadonlySet<number>
}

interface Growing {
  readonly row: Row
  readonly ids: Array<number>
  /** Filled length of the cache. */
  length: number
  next: number
}

/** The arrays of one decode step over `rows` rows of `tokens` tokens, and the tensors over them. */
const makeStep = Effect.fnUntraced(function* (decoder: Decoder, cache: Cache, tokens: number) {
  const runtime = yield* OnnxRuntime
  const rows = cache.rows
  const ids = new BigInt64Array(rows * tokens)
  const lengths = new Int32Array(rows)
  const longest = new Int32Array(1)
  const last = BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * tokens + tokens - 1))
  const temperature = new Float32Array(rows).fill(1)
  const draw = new Float32Array(rows)
  const token = new BigInt64Array(rows)
  const { past, present } = cacheBindings(cache)
  const feeds = {
    ...past,
    ids: yield* runtime.tensor(ids, [rows, tokens]),
    lengths: yield* runtime.tensor(lengths, [rows]),
    longest: yield* runtime.tensor(longest, []),
    last: yield* runtime.tensor(last, [rows]),
    ...(decoder.draws === "categorical"
      ? {
          temperature: yield* runtime.tensor(temperature, [rows, 1]),
          uniform: yield* runtime.tensor(draw, [rows, 1])
        }
      : {})
  }
  const fetches = { ...present, token: yield* runtime.tensor(token, [rows]) }
  const binding = yield* decoder.session.bind(feeds, fetches)
  return { ids, lengths, longest, temperature, draw, token, run: binding.run }
})

/** Fills a cache with all tokens but the last of each prompt. */
const prefill = Effect.fnUntraced(function* (decoder: Decoder, cache: Cache, prompts: ReadonlyArray<Int32Array>) {
  const tokens = Math.max(...prompts.map((prompt) => prompt.length - 1))
  if (tokens === 0) return
  const step = yield* makeStep(decoder, cache, tokens)
  prompts.forEach((prompt, row) => {
    prompt.subarray(0, -1).forEach((id, token) => {
      step.ids[row * tokens + token] = BigInt(id)
    })
    // A prompt of one token fills nothing: what lands at index 0 is overwritten by the first step.
    step.lengths[row] = Math.max(prompt.length - 2, 0)
  })
  step.longest[0] = tokens
  yield* step.run
}, Effect.scoped)

/** Decodes until every row has ended, or half of them have: then the caller goes on with a smaller cache. */
const decodeUntilHalf = Effect.fnUntraced(function* (
  decoder: Decoder,
  cache: Cache,
  growing: ReadonlyArray<Growing>,
  maxNewTokens: number
) {
  const step = yield* makeStep(decoder, cache, 1)
  growing.forEach(({ row }, i) => {
    step.temperature[i] = row.temperature
  })
  const goesOn = (each: Growing) => each.ids.length < maxNewTokens && !decoder.endIds.has(each.ids.at(-1) ?? -1)
  let active = growing.length
  while (active > 0 && (active > growing.length / 2 || growing.length <= 4)) {
    growing.forEach((each, i) => {
      step.ids[i] = BigInt(each.next)
      step.lengths[i] = each.length
      step.draw[i] = uniform(each.row.key, each.ids.length)
    })
    step.longest[0] = Math.max(...growing.map((each) => each.length)) + 1
    yield* step.run
    active = 0
    growing.forEach((each, i) => {
      if (!goesOn(each)) return // an ended row writes again where it wrote last
      each.next = Number(step.token[i])
      each.ids.push(each.next)
      if (!goesOn(each)) return
      each.length += 1
      active += 1
    })
  }
  return growing.flatMap((each, slot) => (goesOn(each) ? [{ each, slot }] : []))
}, Effect.scoped)

/**
 * Draws one response for every row: prompts are read once, their cache rows copied, rows that end early are dropped.
 *
 * Units    Token ids, the end token included where one was drawn.
 * Fails    RuntimeError.
 */
export const decodeRows = Effect.fnUntraced(function* (
  decoder: Decoder,
  batch: {
    readonly prompts: ReadonlyArray<Int32Array>
    readonly rows: ReadonlyArray<Row>
    readonly maxNewTokens: number
  }
) {
  const { config, selectRows } = decoder
  const length = Math.max(...batch.prompts.map((prompt) => prompt.length)) + batch.maxNewTokens
  const scope = yield* Scope.Scope
  let growing = batch.rows.map((row): Growing => {
    const prompt = batch.prompts[row.prompt] ?? new Int32Array()
    const filled = prompt.length - 1
    return { row, ids: [], length: filled, next: prompt[filled] ?? 0 }
  })
  const all = growing
  const open = (rows: number) =>
    Effect.gen(function* () {
      const own = yield* Scope.fork(scope)
      const cache = yield* Scope.provide(allocateCache(config, { rows, length }), own)
      return { cache, close: Scope.close(own, Exit.void) }
    })
  let held = yield* open(batch.prompts.length)
  yield* prefill(decoder, held.cache, batch.prompts)
  let slots = batch.rows.map((row) => row.prompt)
  while (growing.length > 0) {
    const next = yield* open(growing.length)
    yield* selectRows(held.cache, next.cache, slots)
    yield* held.close
    held = next
    const left = yield* decodeUntilHalf(decoder, held.cache, growing, batch.maxNewTokens)
    growing = left.map(({ each }) => each)
    slots = left.map(({ slot }) => slot)
  }
  yield* held.close
  return all.map(({ ids }): ReadonlyArray<number> => ids)
}, Effect.scoped)
