import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Path, Ref } from "effect"
import type { Metrics } from "../../schemas/mod.ts"
import { differences, type Lineage, Progress, RunStore } from "../../src/pipeline/mod.ts"
import { carriers } from "../../src/pipeline/store/carriers.ts"
import { withFiles } from "./small.ts"

const run = { name: "small", seed: 0, versions: { prefloop: "0" }, pipelineFile: "small.yaml", pipeline: {} }

const folderOf = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  return join(yield* files.makeTempDirectoryScoped(), "run")
})

/** One visit of a run folder, as one process makes it. */
const visit = <A, E>(
  folder: string,
  effect: Effect.Effect<A, E, RunStore | FileSystem.FileSystem | Path.Path>,
  options: { readonly fresh?: boolean; readonly notes?: Ref.Ref<ReadonlyArray<string>> } = {}
) => {
  const note = (line: string) =>
    options.notes ? Ref.update(options.notes, (before) => [...before, line]) : Effect.void
  const progress = Layer.succeed(
    Progress,
    Progress.of({ phase: () => Effect.succeed(() => Effect.void), note, warn: note })
  )
  return Effect.provide(
    effect,
    RunStore.layer({ folder, fresh: options.fresh ?? false, run }).pipe(Layer.provide(progress))
  )
}

/** Writes a JSON artefact that counts how often it was made. */
const counted = (made: Ref.Ref<number>, lineage: Lineage) =>
  Effect.gen(function* () {
    const store = yield* RunStore
    const files = yield* FileSystem.FileSystem
    return yield* store.artefact({
      name: "part/count.json",
      carrier: carriers.json,
      lineage,
      make: (temporary, carried) =>
        Effect.andThen(
          Ref.update(made, (n) => n + 1),
          files.writeFileString(temporary, JSON.stringify({ lineage: carried }))
        )
    })
  })

it.effect("artefact() is made once per lineage, and says by name what changed", () =>
  Effect.gen(function* () {
    const folder = yield* folderOf
    const made = yield* Ref.make(0)
    const notes = yield* Ref.make<ReadonlyArray<string>>([])
    const first: Lineage = { settings: { parameters: { lengthPenalty: 0 } }, inputs: { policy: "a" } }
    const second: Lineage = { settings: { parameters: { lengthPenalty: 0.001 } }, inputs: { policy: "b" } }
    yield* visit(folder, counted(made, first), { notes })
    yield* visit(folder, counted(made, first), { notes })
    assert.strictEqual(yield* Ref.get(made), 1)
    yield* visit(folder, counted(made, second), { notes })
    assert.strictEqual(yield* Ref.get(made), 2)
    const continuing = `Continuing in "${folder}": 1 files and checkpoints are there`
    assert.deepStrictEqual(yield* Ref.get(notes), [
      continuing,
      continuing,
      "Making part/count.json again: parameters.lengthPenalty was 0, is 0.001; another policy"
    ])
    yield* visit(folder, counted(made, second), { fresh: true })
    assert.strictEqual(yield* Ref.get(made), 3)
  }).pipe(Effect.scoped, withFiles)
)

it.effect(
  "artefact() leaves nothing behind when making it fails, and the next visit sweeps what a killed process left",
  () =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const folder = yield* folderOf
      const half = Effect.gen(function* () {
        const store = yield* RunStore
        return yield* store.artefact({
          name: "half.json",
          carrier: carriers.json,
          lineage: { settings: {}, inputs: {} },
          make: (temporary) => Effect.andThen(files.writeFileString(temporary, "{"), Effect.fail("stopped"))
        })
      })
      assert.strictEqual(yield* Effect.flip(visit(folder, half)), "stopped")
      assert.deepStrictEqual((yield* files.readDirectory(folder)).sort(), ["run.json"])
      assert.include(yield* files.readFileString(`${folder}/run.json`), '"state": "failed"')
      yield* files.writeFileString(`${folder}/half.json.part`, "{")
      yield* visit(folder, Effect.void)
      assert.deepStrictEqual(yield* files.readDirectory(folder), ["run.json"])
      assert.include(yield* files.readFileString(`${folder}/run.json`), '"state": "complete"')
    }).pipe(Effect.scoped, withFiles)
)

it.effect("layer() keeps a second process out of a run folder", () =>
  Effect.gen(function* () {
    const folder = yield* folderOf
    const second = yield* visit(folder, Effect.flip(visit(folder, Effect.void)))
    assert.strictEqual(
      second.message,
      `Cannot use the run folder "${folder}": process ${process.pid} is working on it, wanted a folder of its own (wait for it to end, or pass another --out)`
    )
    assert.isFalse(yield* (yield* FileSystem.FileSystem).exists(`${folder}/lock`))
  }).pipe(Effect.scoped, withFiles)
)

it.effect("layer() takes over the lock of a process that is gone", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const folder = yield* folderOf
    yield* files.makeDirectory(folder)
    yield* files.writeFileString(`${folder}/lock`, "4194305") // above the largest process id of Linux
    const owner = yield* visit(folder, files.readFileString(`${folder}/lock`))
    assert.strictEqual(owner, String(process.pid))
  }).pipe(Effect.scoped, withFiles)
)

it.effect("layer() refuses a folder with other things in it", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const folder = yield* folderOf
    yield* files.makeDirectory(folder)
    yield* files.writeFileString(`${folder}/letter.txt`, "dear")
    const error = yield* Effect.flip(visit(folder, Effect.void, { fresh: true }))
    assert.strictEqual(
      error.message,
      `Cannot use the run folder "${folder}": found "letter.txt" and no "run.json", wanted an empty folder or an earlier run (pass another --out)`
    )
    assert.deepStrictEqual(yield* files.readDirectory(folder), ["letter.txt"])
  }).pipe(Effect.scoped, withFiles)
)

const step = (phase: string, number: number): Metrics => ({
  phase,
  step: number,
  total_steps: 2,
  epoch: number / 2,
  loss: 1,
  grad_norm: 1,
  learning_rate: 0.1,
  num_tokens: number
})

it.effect("metrics.jsonl holds each step once, though a phase was killed in the middle of a line", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const folder = yield* folderOf
    const log = `${folder}/metrics.jsonl`
    const phase = (name: string, steps: ReadonlyArray<number>) =>
      Effect.gen(function* () {
        const store = yield* RunStore
        yield* store.beginPhase({ phase: name, after: 0 })
        yield* Effect.forEach(steps, (number) => store.appendMetrics(step(name, number)))
      })
    yield* visit(folder, Effect.andThen(phase("sft", [1, 2]), phase("policy", [1])))
    yield* files.writeFileString(log, '{"phase":"policy","st', { flag: "a" })
    yield* visit(folder, phase("policy", [1, 2]))
    const lines = (yield* files.readFileString(log)).trimEnd().split("\n")
    assert.deepStrictEqual(
      lines.map((line): unknown => JSON.parse(line)),
      [step("sft", 1), step("sft", 2), step("policy", 1), step("policy", 2)]
    )
  }).pipe(Effect.scoped, withFiles)
)

it("differences() names what was added and removed", () => {
  assert.deepStrictEqual(
    differences(
      { settings: { a: 1, b: { c: [1] } }, inputs: {} },
      { settings: { b: { c: [1, 2] } }, inputs: { reward: "x" } }
    ),
    ["a was 1, is absent", "b.c was [1], is [1,2]", "another reward"]
  )
})
