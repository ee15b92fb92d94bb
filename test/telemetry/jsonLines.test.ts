import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { row } from "../../fixtures/telemetry/generate.ts"
import { openSinks, sinks } from "../../src/telemetry/mod.ts"

const opened = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const folder = yield* files.makeTempDirectoryScoped()
  const path = `${folder}/metrics.jsonl`
  const text = files.readFileString(path)
  return { files, folder, path, text, sink: yield* sinks.jsonLines(folder) }
})

const lines = (...rows: ReadonlyArray<ReturnType<typeof row>>) =>
  rows.map((each) => `${JSON.stringify(each)}\n`).join("")
const live = Effect.provide(NodeServices.layer)

it.effect("jsonLines() writes one line a step", () =>
  Effect.gen(function* () {
    const { sink, text } = yield* opened
    yield* sink.begin({ phase: "sft", after: 0 })
    yield* sink.write(row("sft", 1, 2))
    yield* sink.write(row("sft", 2, 1))
    assert.strictEqual(yield* text, lines(row("sft", 1, 2), row("sft", 2, 1)))
  }).pipe(Effect.scoped, live)
)

it.effect("jsonLines() goes on after a step: later steps of that phase and a half line are forgotten", () =>
  Effect.gen(function* () {
    const { files, path, sink, text } = yield* opened
    yield* sink.begin({ phase: "sft", after: 0 })
    for (const step of [1, 2, 3]) yield* sink.write(row("sft", step, 1))
    yield* sink.write(row("policy", 3, 1))
    yield* files.writeFileString(path, '{"phase":"sft","st', { flag: "a" })
    yield* sink.begin({ phase: "sft", after: 2 })
    yield* sink.write(row("sft", 3, 0.5))
    assert.strictEqual(yield* text, lines(row("sft", 1, 1), row("sft", 2, 1), row("policy", 3, 1), row("sft", 3, 0.5)))
  }).pipe(Effect.scoped, live)
)

it.effect("openSinks() gives each row to every sink, in their order", () =>
  Effect.gen(function* () {
    const seen: Array<string> = []
    const tell = (name: string) => (folder: string) =>
      Effect.succeed({
        begin: ({ after, phase }: { readonly phase: string; readonly after: number }) =>
          Effect.sync(() => void seen.push(`${name} ${folder} begins ${phase} after ${after}`)),
        write: ({ step }: { readonly step: number }) => Effect.sync(() => void seen.push(`${name} writes ${step}`))
      })
    const sink = yield* openSinks([tell("a"), tell("b")])("run")
    yield* sink.begin({ phase: "sft", after: 7 })
    yield* sink.write(row("sft", 8, 1))
    assert.deepStrictEqual(seen, ["a run begins sft after 7", "b run begins sft after 7", "a writes 8", "b writes 8"])
  }).pipe(Effect.scoped, live)
)
