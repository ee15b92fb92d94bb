/**
 * Scoring beside transformers: the same lengths, batch and threads, float32, by turns. Python with torch and transformers.
 *
 * ```sh
 * npm run bench -- score-peers --python PYTHON [--turns 3] [--threads 2] [--order mixed|prompts|length] [--shape TEXT] [--json]
 * ```
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Layer, Schema } from "effect"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { batchSize, openScorer, tokensOf } from "./score.ts"
import { scoreShapes } from "./scoreShapes.ts"

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    turns: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
    order: { type: "string", default: "mixed" },
    shape: { type: "string", default: "" },
    json: { type: "boolean", default: false }
  }
})
const [turns, threads] = [Number(values.turns), Number(values.threads)]

/** Units: seconds of the clock, and of all cores. */
const Taken = Schema.Struct({ seconds: Schema.Finite, processor: Schema.Finite })
type Taken = typeof Taken.Type
const Answer = Schema.fromJsonString(Schema.Record(Schema.String, Taken))

const middle = (taken: ReadonlyArray<Taken>, kind: keyof Taken): number =>
  taken.map((each) => each[kind]).toSorted((a, b) => a - b)[Math.floor(taken.length / 2)] ?? Number.NaN

const timed = <E, R>(effect: Effect.Effect<unknown, E, R>) =>
  Effect.gen(function* () {
    const [clock, before] = [performance.now(), process.cpuUsage()]
    yield* effect
    const { user, system } = process.cpuUsage(before)
    return { seconds: (performance.now() - clock) / 1e3, processor: (user + system) / 1e6 }
  })

/** The peer in a process of its own: one run of each shape after one that does not count. */
const askPeer = (lengths: Readonly<Record<string, ReadonlyArray<number>>>) =>
  Effect.suspend(() => {
    const script = join(import.meta.dirname, "peers", "torch_score.py")
    const options = ["--threads", `${threads}`, "--batch", `${batchSize}`, "--order", values.order]
    const { error, stderr, stdout } = spawnSync(values.python, [script, ...options], {
      input: JSON.stringify(lengths),
      encoding: "utf8"
    })
    if (error || stdout === "") throw new Error(`The peer printed nothing: ${error?.message ?? stderr.slice(-2000)}`)
    return Effect.orDie(Schema.decodeUnknownEffect(Answer)(stdout))
  })

const measure = Effect.gen(function* () {
  const score = yield* openScorer
  const shapes = new Map([...(yield* scoreShapes)].filter(([name]) => name.includes(values.shape)))
  const lengths = Object.fromEntries(
    Array.from(shapes, ([name, sequences]) => [name, sequences.map(({ ids }) => ids.length)])
  )
  const found = new Map(
    Array.from(shapes.keys(), (name) => [name, { ours: [] as Array<Taken>, peer: [] as Array<Taken> }])
  )
  for (const sequences of shapes.values()) yield* score(sequences.slice(0, batchSize))
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, sequences] of shapes) found.get(name)?.ours.push(yield* timed(score(sequences)))
    for (const [name, taken] of Object.entries(yield* askPeer(lengths))) found.get(name)?.peer.push(taken)
    for (const [name, { ours, peer }] of found) yield* Console.error(name, ours.at(-1), peer.at(-1))
  }
  const rows = Array.from(shapes, ([name, sequences]) => {
    const { ours = [], peer = [] } = found.get(name) ?? {}
    const rate = (taken: ReadonlyArray<Taken>) => Math.round(tokensOf(sequences) / middle(taken, "seconds"))
    const times = (kind: keyof Taken) => Number((middle(peer, kind) / middle(ours, kind)).toFixed(2))
    return {
      benchmark: "score-peers",
      shape: `${sequences.length} x ${name}`,
      "mean tokens": Math.round(tokensOf(sequences) / sequences.length),
      "order of the peer": values.order,
      threads,
      turns,
      "tokens/s": rate(ours),
      "peer's tokens/s": rate(peer),
      times: times("seconds"),
      "processor seconds": Number(middle(ours, "processor").toFixed(2)),
      "peer's processor seconds": Number(middle(peer, "processor").toFixed(2)),
      "times, processor": times("processor")
    }
  })
  if (values.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  else console.table(rows)
}).pipe(Effect.scoped)

measure.pipe(
  Effect.provide(OnnxRuntime.layer({ threads }).pipe(Layer.provideMerge(NodeServices.layer))),
  NodeRuntime.runMain
)
