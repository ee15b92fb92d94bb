/**
 * The longest pauses of the event loop while a real model samples: alone, while long prompts arrive, and behind a server whose
 * clients stream, ask for eight choices, or have pairs scored and compared (by the same trunk).
 *
 * ```sh
 * npm run bench -- event-loop [rollout|long|stream|choices|score|preference …] [--model DIR] [--count 64] [--responses 8] [--words 6000] [--clients 16] [--pauses] [--json]
 * ```
 */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify, parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Context, Effect, Fiber, type FileSystem, Layer, type Path, type Scope, Stream } from "effect"
import type { Prompt } from "../schemas/mod.ts"
import { localPreference, Preference } from "../src/judge/mod.ts"
import { openData } from "../src/pipeline/data/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { localRollout, Rollout, samplePolicy } from "../src/sampler/mod.ts"
import { localReward, Reward } from "../src/scorer/mod.ts"
import { serve, type Served, type ServeOptions } from "../src/server/mod.ts"
import { rewardFolder } from "./eventLoop/rewardFolder.ts"
import { type Pause, watch } from "./eventLoop/watch.ts"

const { positionals, values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    model: { type: "string", default: "../shared/models/minimind2-small" },
    prompts: { type: "string", default: "../shared/data/self-instruct/data/seed_tasks.jsonl" },
    count: { type: "string", default: "64" },
    responses: { type: "string", default: "8" },
    tokens: { type: "string", default: "64" },
    words: { type: "string", default: "6000" },
    clients: { type: "string", default: "16" },
    requests: { type: "string", default: "2" },
    threads: { type: "string", default: "2" },
    pauses: { type: "boolean", default: false },
    json: { type: "boolean", default: false }
  }
})
const numberOf = (name: "count" | "responses" | "tokens" | "words" | "clients" | "requests") => Number(values[name])

const sampleWith = Effect.fnUntraced(function* (prompts: ReadonlyArray<Prompt>, responses: number, tokens: number) {
  const policy = samplePolicy(yield* Rollout)
  const asked = { seed: 0, iteration: 0, temperatures: [1], perTemperature: responses, maxNewTokens: tokens }
  yield* policy.sample({ ...asked, prompts })
})

const promptsOf = (limit: number) =>
  Effect.flatMap(
    openData({ source: { path: values.prompts, format: "selfInstruct", limit }, kinds: ["prompts"] }),
    ({ rows }) => Stream.runCollect(rows)
  )

const rollout = Effect.gen(function* () {
  yield* sampleWith(yield* promptsOf(numberOf("count")), numberOf("responses"), numberOf("tokens"))
})

/** Prompts of so many words, made of those of the data. */
const longPrompts = (prompts: ReadonlyArray<Prompt>, count: number): ReadonlyArray<Prompt> => {
  const words = prompts.flatMap(({ messages }) => messages.flatMap(({ content }) => content.split(/\s+/)))
  return Array.from({ length: count }, (_, k) => ({
    promptId: `long ${k}` as Prompt["promptId"], // as: a name that no other prompt has
    messages: [
      {
        role: "user",
        content: Array.from(
          { length: numberOf("words") },
          (_word, i) => words[(k * 7919 + i * (k + 1)) % words.length]
        ).join(" ")
      }
    ]
  }))
}

/** A rollout, in the middle of which long prompts arrive one after another. */
const long = Effect.gen(function* () {
  const prompts = yield* promptsOf(numberOf("count"))
  const running = yield* Effect.forkChild(sampleWith(prompts, 2, numberOf("tokens")))
  yield* Effect.sleep("1 second")
  yield* Effect.forEach(longPrompts(prompts, 2), (prompt) => sampleWith([prompt], 1, 2), { discard: true })
  yield* Fiber.join(running)
})

const options: ServeOptions = {
  host: "127.0.0.1",
  port: 0,
  key: undefined,
  keyVariable: "",
  requests: 64,
  queue: 256,
  largestBody: 1e6,
  timeout: 600,
  grace: 5,
  maxNewTokens: 256,
  fingerprint: "bench",
  seed: 0
}

/** Clients of a server: both are there before it is watched, and what they do before the first request is no part of it. */
const clientsOf = (kind: string, served: Effect.Effect<Served, unknown, Needs | Scope.Scope>): Case =>
  Effect.gen(function* () {
    const url = yield* serve(yield* served, options)
    const script = join(import.meta.dirname, "eventLoop/clients.ts")
    const args = [script, kind, url, values.clients, values.requests, values.tokens, values.prompts]
    const ended = promisify(execFile)(process.execPath, args)
    yield* Effect.sleep("2 seconds")
    return Effect.promise(() => {
      ended.child.stdin?.write("go\n")
      return ended
    }).pipe(Effect.asVoid)
  })

const policy = Effect.map(Rollout, (service): Served => ({ policy: { id: "bench", service } }))
const reward = Effect.gen(function* () {
  const layer = localReward(yield* rewardFolder(values.model), { batchSize: 16 })
  return { reward: { id: "bench", service: Context.get(yield* Layer.build(layer), Reward) } }
})
const preference = Effect.gen(function* () {
  const layer = localPreference(values.model, { batchSize: 16, generationPrompt: "add" })
  return { preference: { id: "bench", service: Context.get(yield* Layer.build(layer), Preference) } }
})

type Needs = Rollout | OnnxRuntime | FileSystem.FileSystem | Path.Path
/** Makes ready, and gives what is watched. */
type Case = Effect.Effect<Effect.Effect<void, unknown, Needs>, unknown, Needs | Scope.Scope>

const cases: Readonly<Record<string, Case>> = {
  rollout: Effect.succeed(rollout),
  long: Effect.succeed(long),
  stream: clientsOf("stream", policy),
  choices: clientsOf("choices", policy),
  score: clientsOf("score", reward),
  preference: clientsOf("preference", preference)
}

const top = (pauses: ReadonlyArray<Pause>, by: (pause: Pause) => number) =>
  Number(Math.max(0, ...pauses.map(by)).toFixed(1))

const measure = Effect.fnUntraced(function* (name: string, prepare: Case) {
  const started = performance.now()
  const opened = localRollout(values.model, { slots: 16, slotTokens: 1024 })
  const { longestDelay, pauses } = yield* Effect.gen(function* () {
    yield* sampleWith(yield* promptsOf(2), 1, 4) // what is compiled and made at the first call is no part of it
    return yield* watch(yield* prepare)
  }).pipe(Effect.scoped, Effect.provide(opened))
  const longest = pauses.toSorted((a, b) => b.own - a.own).slice(0, 8)
  if (values.pauses) for (const pause of longest) process.stderr.write(`${JSON.stringify(pause)}\n`)
  return {
    benchmark: "event-loop",
    case: name,
    "longest pause ms": top(pauses, ({ wall }) => wall),
    "of it our processor time ms": top(pauses, ({ own }) => own),
    "without garbage collection ms": top(pauses, ({ collecting, own }) => own - collecting),
    "longest collection ms": top(pauses, ({ collecting }) => collecting),
    "over 20 ms": pauses.filter(({ own }) => own > 20).length,
    "longest delay ms": Number(longestDelay.toFixed(1)),
    seconds: Number(((performance.now() - started) / 1000).toFixed(1))
  }
})

const main = Effect.gen(function* () {
  const asked = Object.entries(cases).filter(([name]) => positionals.length === 0 || positionals.includes(name))
  const rows = yield* Effect.forEach(asked, ([name, prepare]) => measure(name, prepare))
  if (values.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  else console.table(rows)
})

main.pipe(
  Effect.provide(OnnxRuntime.layer({ threads: Number(values.threads) }).pipe(Layer.provideMerge(NodeServices.layer))),
  NodeRuntime.runMain
)
