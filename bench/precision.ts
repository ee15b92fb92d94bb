/**
 * The ways to keep weights and cache for decoding: how far from float32, how fast, how large. Each is measured in processes of its own.
 *
 * ```sh
 * node bench/precision.ts [--json] [--model=../shared/models/minimind2-small]
 * ```
 */
import { execFileSync } from "node:child_process"
import { loadavg } from "node:os"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Layer, Schema } from "effect"
import { openCheckpoint } from "../src/checkpoint/mod.ts"
import type { CacheFormatName, WeightFormatName } from "../schemas/mod.ts"
import { cacheFormats, weightFormats } from "../src/model/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import type { KeptFormats } from "../src/sampler/mod.ts"
import { compare } from "./precision/compare.ts"
import { speed } from "./precision/speed.ts"

const batches = [1, 16]
const options = process.argv.slice(2)
const valueOf = (flag: string) => options.find((option) => option.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const model = valueOf("model") ?? "../shared/models/minimind2-small"
// as: the keys of the tables
const weightNames = Object.keys(weightFormats) as ReadonlyArray<WeightFormatName>
const cacheNames = Object.keys(cacheFormats) as ReadonlyArray<CacheFormatName>

const variants: ReadonlyArray<KeptFormats> = [
  ...weightNames.map((weights): KeptFormats => ({ weights, cache: "float32" })),
  ...cacheNames.slice(1).map((cache): KeptFormats => ({ weights: "float32", cache })),
  { weights: "int8", cache: "int8" }
]

const nameOf = ({ cache, weights }: KeptFormats): string => `${weights}+${cache}`

const Compared = Schema.Struct({
  kl: Schema.Finite,
  largest: Schema.Finite,
  logits: Schema.Finite,
  same: Schema.Finite
})
const Timed = Schema.Struct({ tokensPerSecond: Schema.Finite, added: Schema.Finite, peak: Schema.Finite })

const child = <S extends Schema.Decoder<unknown>>(schema: S, formats: KeptFormats, what: string): S["Type"] => {
  const flags = [`--formats=${nameOf(formats)}`, `--what=${what}`, `--model=${model}`]
  const written = execFileSync(process.execPath, ["--expose-gc", import.meta.filename, ...flags], { encoding: "utf8" })
  return Schema.decodeUnknownSync(Schema.fromJsonString(schema))(written)
}

const round = (x: number): number => Number(x.toPrecision(3))

const rowOf = (formats: KeptFormats) => {
  const { kl, largest, logits, same } = child(Compared, formats, "compare")
  const times = batches.map((batch) => [batch, child(Timed, formats, String(batch))] as const)
  return {
    ...formats,
    "largest difference of a logit": round(logits),
    "mean KL, nats": round(kl),
    "largest KL": round(largest),
    "greedy tokens alike": round(same),
    ...Object.fromEntries(
      times.map(([batch, { tokensPerSecond }]) => [`tokens/s at ${batch}`, round(tokensPerSecond)])
    ),
    ...Object.fromEntries(times.map(([batch, { added }]) => [`MB added at ${batch}`, round(added)])),
    ...Object.fromEntries(times.map(([batch, { peak }]) => [`peak MB at ${batch}`, round(peak)])),
    "load before": round(loadavg()[0] ?? Number.NaN)
  }
}

const measured = Effect.fnUntraced(function* (formats: KeptFormats, what: string) {
  const checkpoint = yield* openCheckpoint(model, "causal")
  return yield* what === "compare" ? compare(checkpoint, formats) : speed(checkpoint, formats, Number(what))
})

const [asked, what] = [variants.find((each) => nameOf(each) === valueOf("formats")), valueOf("what")]

if (asked === undefined || what === undefined) {
  for (const formats of variants) {
    const row = rowOf(formats)
    if (options.includes("--json")) process.stdout.write(`${JSON.stringify(row)}\n`)
    else console.table(row)
  }
} else {
  measured(asked, what).pipe(
    Effect.flatMap((row) => Console.log(JSON.stringify(row))),
    Effect.provide(OnnxRuntime.layer({ threads: 2 }).pipe(Layer.provideMerge(NodeServices.layer))),
    NodeRuntime.runMain
  )
}
