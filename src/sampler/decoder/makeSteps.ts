import { Effect, Scope } from "effect"
import type { ModelConfig } from "../../model/mod.ts"
import { OnnxRuntime, type Session, type TypedArray } from "../../runtime/mod.ts"
import { type Cache, cacheBindings, sliceCache } from "./Cache.ts"
import type { StepArrays } from "./StepArrays.ts"

/** Row counts that steps are bound for: a step over more rows than grow costs their time. */
const counts = [1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64]
const countsApart = 16

/** The least bound count of rows that is enough. */
export const stepRows = (rows: number, slots: number): number =>
  Math.min(counts.find((count) => count >= rows) ?? Math.ceil(rows / countsApart) * countsApart, slots)

const entries = <A extends TypedArray>(array: A, count: number): A => array.subarray(0, count) as A // as: of the same class

/** One step of the first `rows` slots; with logits, these are written out too. */
const bindStep = Effect.fnUntraced(function* (options: {
  readonly session: Session
  readonly cache: Cache
  readonly arrays: StepArrays
  readonly rows: number
  readonly logits: { readonly into: Float32Array; readonly config: ModelConfig } | undefined
}) {
  const runtime = yield* OnnxRuntime
  const { arrays, cache, logits, rows, session } = options
  const { past, present } = cacheBindings(yield* sliceCache(cache, { from: 0, count: rows }))
  const tensor = (array: TypedArray, shape: ReadonlyArray<number>) => runtime.tensor(entries(array, rows), shape)
  const feeds = {
    ...past,
    ids: yield* tensor(arrays.ids, [rows, 1]),
    lengths: yield* tensor(arrays.lengths, [rows]),
    longest: yield* runtime.tensor(arrays.longest, []),
    last: yield* tensor(arrays.last, [rows]),
    temperature: yield* tensor(arrays.temperature, [rows, 1]),
    uniform: yield* tensor(arrays.uniform, [rows, 1])
  }
  const token = yield* tensor(arrays.token, [rows])
  const vocabulary = logits?.config.vocab_size ?? 0
  const written = logits && {
    logits: yield* runtime.tensor(entries(logits.into, rows * vocabulary), [rows, vocabulary])
  }
  const binding = yield* session.bind(feeds, { ...present, token, ...written })
  return binding.run
})

/**
 * Steps over the first slots of a cache, each bound when it is first asked for and kept with the scope.
 *
 * Fails    RuntimeError.
 */
export const makeSteps = Effect.fnUntraced(function* (options: {
  readonly session: Session
  readonly config: ModelConfig
  readonly cache: Cache
  readonly arrays: StepArrays
}) {
  const scope = yield* Scope.Scope
  const runtime = yield* OnnxRuntime
  const bound = new Map<string, Effect.Success<ReturnType<typeof bindStep>>>()
  return Effect.fnUntraced(function* (rows: number, logits: Float32Array | undefined) {
    const name = `${rows} ${logits === undefined ? "tokens" : "logits"}`
    const into = logits && { into: logits, config: options.config }
    const make = bindStep({ ...options, rows, logits: into }).pipe(
      Scope.provide(scope),
      Effect.provideService(OnnxRuntime, runtime)
    )
    const run = bound.get(name) ?? (yield* make)
    bound.set(name, run)
    yield* run
  })
})
