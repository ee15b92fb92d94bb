/** Seconds of a whole DPO step of the 27 M shape: the least of several, since other programs only add to it. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Layer } from "effect"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { openStep } from "../openStep.ts"
import { shape27M } from "../shape.ts"

const steps = 5
const longest = 4096
const valueOf = (flag: string) =>
  Number(process.argv.find((option) => option.startsWith(`--${flag}=`))?.slice(flag.length + 3))

const measure = Effect.gen(function* () {
  const config = { ...shape27M, max_position_embeddings: longest }
  const shape = { config, pairs: valueOf("rows") / 2, tokens: valueOf("tokens") }
  const { run } = yield* openStep(shape, { keepOf: () => "intermediates", headChunk: 2048, headKept: 8192 })
  let seconds = Number.POSITIVE_INFINITY
  for (let i = 0; i < steps; i++) {
    const started = performance.now()
    yield* run
    seconds = Math.min(seconds, (performance.now() - started) / 1000)
  }
  yield* Console.log(JSON.stringify({ seconds }))
}).pipe(Effect.scoped)

measure.pipe(
  Effect.provide(OnnxRuntime.layer({ threads: 2 }).pipe(Layer.provideMerge(NodeServices.layer))),
  NodeRuntime.runMain
)
