/**
 * Peak memory of whole DPO steps, beside what was predicted of it, each shape in a process of its own.
 *
 * ```sh
 * node bench/memory.ts [--json] [--shape="135 M, 2 x 512"]
 * ```
 */
import { execFileSync } from "node:child_process"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Layer, Schema } from "effect"
import { layoutStrip } from "../src/model/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { planMemory } from "../src/training/mod.ts"
import { peakMemory } from "./measure.ts"
import { openStep, partsOf } from "./openStep.ts"
import { memoryShapes } from "./shapes.ts"

const steps = 3
const megabyte = 1e6

const Measured = Schema.Struct({
  kept: Schema.Int,
  headChunk: Schema.Int,
  predicted: Schema.Finite,
  peak: Schema.Finite,
  seconds: Schema.Finite,
  workspace: Schema.Finite,
  parts: Schema.Record(Schema.String, Schema.Finite)
})

const measure = Effect.fnUntraced(function* (name: string) {
  const shape = memoryShapes[name] ?? (yield* Effect.die(`Unknown shape "${name}"`))
  const { model, trained, frozen, examples, optimizer } = partsOf(shape)
  const strip = layoutStrip(
    examples.map(({ sequences }) => sequences),
    { predict: "learned" }
  )
  const { budget } = shape
  const plan = yield* Effect.fromResult(
    planMemory({
      model,
      trained,
      frozen,
      moments: optimizer.moments.length,
      kind: "causal",
      squares: false,
      strip: { size: strip.size, bands: strip.bands, selected: strip.select.length },
      ...(budget === undefined ? {} : { budget })
    })
  )
  const { run, step } = yield* openStep(shape, plan.memory)
  let seconds = 0
  for (let i = 0; i < steps; i++) {
    const started = performance.now()
    yield* run
    seconds = (performance.now() - started) / 1000
  }
  const { kept, headChunk, predicted, parts } = plan
  const peak = peakMemory() * 1.048576 * megabyte // from MiB
  return { kept, headChunk, predicted, parts, peak, seconds, workspace: step.workspace.bytes() }
}, Effect.scoped)

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Measured))
const round = (bytes: number): number => Math.round(bytes / megabyte)

const rowOf = (name: string) => {
  const flag = `--only=${name}`
  const { predicted, peak, ...found } = decode(
    execFileSync(process.execPath, [import.meta.filename, flag], { encoding: "utf8" })
  )
  return {
    shape: name,
    "budget MB": round(memoryShapes[name]?.budget ?? Number.NaN) || "none",
    "kept layers": found.kept,
    "head chunk": found.headChunk,
    "predicted MB": round(predicted),
    "peak RSS MB": round(peak),
    "predicted / peak": Number((predicted / peak).toFixed(3)),
    "seconds of a step": Number(found.seconds.toPrecision(3)),
    ...Object.fromEntries(Object.entries(found.parts).map(([part, bytes]) => [`${part} MB`, round(bytes)]))
  }
}

const options = process.argv.slice(2)
const valueOf = (flag: string) => options.find((option) => option.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const only = valueOf("only")

if (only === undefined) {
  const wanted = valueOf("shape")
  const names = Object.keys(memoryShapes).filter((name) => wanted === undefined || name === wanted)
  for (const name of names) {
    const row = rowOf(name)
    if (options.includes("--json")) process.stdout.write(`${JSON.stringify(row)}\n`)
    else console.table(row)
  }
} else {
  measure(only).pipe(
    Effect.flatMap((row) => Console.log(JSON.stringify(row))),
    Effect.provide(OnnxRuntime.layer({ threads: 2 }).pipe(Layer.provideMerge(NodeServices.layer))),
    NodeRuntime.runMain
  )
}
