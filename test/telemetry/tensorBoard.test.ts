import { readdirSync, readFileSync } from "node:fs"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { row, scenario } from "../../fixtures/telemetry/generate.ts"
import type { Metrics } from "../../schemas/mod.ts"
import { sinks } from "../../src/telemetry/mod.ts"

const kept = "fixtures/telemetry/tensorboard"

/** What TensorBoard reads in the kept files, [wall time, step, value]: see fixtures/telemetry/record_reading.py. */
type Reading = Readonly<Record<string, Readonly<Record<string, ReadonlyArray<readonly [number, number, number]>>>>>

const reading: Reading = JSON.parse(readFileSync("fixtures/telemetry/reading.json", "utf8"))

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => {
      const bytes = readFileSync(`${parentPath}/${name}`).toString("base64")
      return [`${parentPath}/${name}`.slice(folder.length), bytes] as const
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1))

it.effect("tensorBoard() writes the bytes that TensorBoard has read", () =>
  Effect.gen(function* () {
    const folder = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
    yield* scenario(folder)
    const written = filesIn(`${folder}/tensorboard`)
    assert.strictEqual(written.length, 3)
    assert.deepStrictEqual(written, filesIn(kept))
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)

const policy = (step: number, loss: number, more: Partial<Metrics> = {}) => row("iteration-1/policy", step, loss, more)

it("tensorBoard() is read by TensorBoard as what was written, without the step that a restart took again", () => {
  const [first, second] = [1_700_000_000.5, 1_700_000_061.25]
  const rows = [
    [first, row("models/sft", 1, 2)],
    [first + 0.25, policy(1, 1)],
    [first + 0.5, policy(2, 0.25)],
    [second, policy(3, 0.125)],
    [second, policy(4, 0.0625, { eval_loss: 0.75, "eval_rewards/margins": -0.25 })]
  ] as const
  const wanted: Record<string, Record<string, Array<readonly [number, number, number]>>> = {}
  for (const [wallTime, { phase, step, total_steps: _, ...measures }] of rows) {
    for (const [name, value] of Object.entries(measures)) {
      const tag = name.startsWith("eval_") ? name.replace("eval_", "eval/") : `train/${name}`
      const run = (wanted[phase] ??= {})
      const events = (run[tag] ??= [])
      events.push([wallTime, step, value])
    }
  }
  assert.deepStrictEqual(reading, wanted)
})

it.effect("tensorBoard() says which path cannot be written", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = yield* files.makeTempDirectoryScoped()
    yield* files.writeFileString(path.join(folder, "tensorboard"), "in the way")
    const sink = yield* sinks.tensorBoard(folder)
    const error = yield* Effect.flip(sink.begin({ phase: "sft", after: 0 }))
    assert.include(error.message, `Cannot write metrics to "${path.join(folder, "tensorboard", "sft")}": `)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)
