import { Effect, Scope } from "effect"
import { serialize } from "../../graph/mod.ts"
import { chooseGraph, type ModelConfig, tokenLogProbabilityGraph } from "../../model/mod.ts"
import { OnnxRuntime, type Tensor, type TypedArray } from "../../runtime/mod.ts"
import type { CacheSize } from "./Cache.ts"
import { makeChoiceArrays, type StepArrays } from "./StepArrays.ts"

/** Tokens that are sorted at first: rarely does top-p reach further. */
export const candidatesAtFirst = 256

/** The sessions that read logits, opened when they are first asked for; they hold no weights. Fails   RuntimeError. */
export const makeChoosing = Effect.fnUntraced(function* ({ vocab_size: vocabulary }: ModelConfig) {
  const runtime = yield* OnnxRuntime
  const scope = yield* Scope.Scope
  const open = (name: string, make: () => Uint8Array) =>
    Effect.cached(Effect.suspend(() => runtime.session({ name, model: make() })).pipe(Scope.provide(scope)))
  const choose = (candidates: number) =>
    open(`choose among ${candidates}`, () => serialize(chooseGraph({ vocabulary, candidates })))
  return {
    few: yield* choose(Math.min(candidatesAtFirst, vocabulary)),
    all: yield* choose(vocabulary),
    logProbability: yield* open("log-probability", () => serialize(tokenLogProbabilityGraph(vocabulary)))
  }
})

/**
 * Chooses the tokens of the first slots from their logits: anew, under the limits of each row; and tells log π of them.
 *
 * Fails    RuntimeError.
 */
export const makeChooser = Effect.fnUntraced(function* (options: {
  readonly config: ModelConfig
  readonly size: CacheSize
  readonly steps: StepArrays
  readonly sessions: Effect.Success<ReturnType<typeof makeChoosing>>
}) {
  const runtime = yield* OnnxRuntime
  const { config, sessions, size, steps } = options
  const arrays = makeChoiceArrays(config, size)
  const vocabulary = config.vocab_size
  const tensor = (array: TypedArray, shape: ReadonlyArray<number>, type?: Tensor["type"]) => {
    const count = shape.reduce((product, each) => product * each, 1)
    return runtime.tensor(array.subarray(0, count) as TypedArray, shape, type) // as: of the same class
  }
  const run = Effect.fnUntraced(function* (rows: number, among: "few" | "all") {
    const column = [rows, 1]
    const feeds = {
      logits: yield* tensor(arrays.logits, [rows, vocabulary]),
      seen: yield* tensor(arrays.seen, [rows, vocabulary], "bool"),
      temperature: yield* tensor(steps.temperature, column),
      uniform: yield* tensor(steps.uniform, column),
      repetitionPenalty: yield* tensor(arrays.repetitionPenalty, column),
      topK: yield* tensor(arrays.topK, column),
      topP: yield* tensor(arrays.topP, column),
      minP: yield* tensor(arrays.minP, column)
    }
    const fetches = {
      token: yield* tensor(steps.token, [rows]),
      short: yield* tensor(arrays.short, column, "bool")
    }
    const session = yield* sessions[among]
    yield* session.run(feeds, fetches)
  }, Effect.scoped)
  const choose = Effect.fnUntraced(function* (rows: number, among: "few" | "all") {
    yield* run(rows, among)
    // top-p of some row reaches past the candidates: once more, with all of them
    if (arrays.short.subarray(0, rows).includes(1)) yield* run(rows, "all")
  })
  const tellLogProbabilities = Effect.fnUntraced(function* (rows: number) {
    const feeds = {
      logits: yield* tensor(arrays.logits, [rows, vocabulary]),
      token: yield* tensor(steps.token, [rows])
    }
    const session = yield* sessions.logProbability
    yield* session.run(feeds, { logProbability: yield* tensor(arrays.logProbability, [rows, 1]) })
  }, Effect.scoped)
  return { arrays, choose, tellLogProbabilities }
})

export type Chooser = Effect.Success<ReturnType<typeof makeChooser>>
