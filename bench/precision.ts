/**
 * The ways to keep weights for decoding: how far from float32, how fast, how large. Each is measured in processes of its own.
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
import type { WeightFormatName } from "../schemas/mod.ts"
import { weightFormats } from "../src/model/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { compare } from "./precision/compare.ts"
import { speed } from "./precision/speed.ts"

const batches = [1, 16]
const options = process.argv.slice(2)
const valueOf = (flag: string) => options.find((option) => option.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const model = valueOf("model") ?? "../shared/models/minimind2-small"
const names = Object.keys(weightFormats) as ReadonlyArray<WeightFormatName> // as: the keys of the table

const Compared = Schema.Struct({ kl: Schema.Finite, largest: Schema.Finite, same: Schema.Finite })
const Timed = Schema.Struct({ tokensPerSecond: Schema.Finite, added: Schema.Finite })

const child = <S extends Schema.Decoder<unknown>>(schema: S, format: WeightFormatName, what: string): S["Type"] => {
  const flags = [`--format=${format}`, `--what=${what}`, `--model=${model}`]
  const written = execFileSync(process.execPath, ["--expose-gc", import.meta.filename, ...flags], { encoding: "utf8" })
  return Schema.decodeUnknownSync(Schema.fromJsonString(schema))(written)
}

const round = (x: number): number => Number(x.toPrecision(3))

const rowOf = (format: WeightFormatName) => {
  const { kl, largest, same } = child(Compared, format, "compare")
  const times = batches.map((batch) => [batch, child(Timed, format, String(batch))] as const)
  return {
    weights: format,
    "mean KL, nats": round(kl),
    "largest KL": round(largest),
    "greedy tokens alike": round(same),
    ...Object.fromEntries(
      times.map(([batch, { tokensPerSecond }]) => [`tokens/s at ${batch}`, round(tokensPerSecond)])
    ),
    ...Object.fromEntries(times.map(([batch, { added }]) => [`MB added at ${batch}`, round(added)])),
    "load before": round(loadavg()[0] ?? Number.NaN)
  }
}

const measured = Effect.fnUntraced(function* (format: WeightFormatName, what: string) {
  const checkpoint = yield* openCheckpoint(model, "causal")
  return yield* what === "compare" ? compare(checkpoint, format) : speed(checkpoint, format, Number(what))
})

const [format, what] = [names.find((name) => name === valueOf("format")), valueOf("what")]

if (format === undefined || what === undefined) {
  for (const name of names) {
    const row = rowOf(name)
    if (options.includes("--json")) process.stdout.write(`${JSON.stringify(row)}\n`)
    else console.table(row)
  }
} else {
  measured(format, what).pipe(
    Effect.flatMap((row) => Console.log(JSON.stringify(row))),
    Effect.provide(OnnxRuntime.layer({ threads: 2 }).pipe(Layer.provideMerge(NodeServices.layer))),
    NodeRuntime.runMain
  )
}
