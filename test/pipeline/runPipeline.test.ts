import { assert, it } from "@effect/vitest"
import { Effect, Exit, FileSystem, Layer, Path } from "effect"
import { readArrowMetadata } from "../../src/arrow/mod.ts"
import {
  formatResults,
  Progress,
  reportResults,
  runPipeline,
  resultsData,
  RunStore,
  StepFailed
} from "../../src/pipeline/mod.ts"
import { type Before, fakeTrainers } from "./fakeTrainers.ts"
import { checkText, messageOf, smallPipeline, withFiles } from "./small.ts"

/** One command `prefloop run`, with models that are fakes. */
const runIn = Effect.fnUntraced(function* (
  folder: string,
  options: { readonly before?: Before; readonly set?: ReadonlyArray<string> } = {}
) {
  const checked = yield* checkText(smallPipeline, options.set)
  const described = { name: "small", seed: 0, versions: {}, pipelineFile: "small.yaml", pipeline: checked.file }
  const store = RunStore.layer({ folder, fresh: false, run: described }).pipe(Layer.provideMerge(Progress.silent))
  return yield* Effect.provide(runPipeline(checked), Layer.merge(store, fakeTrainers(options.before)))
})

/** Every file of a run by its path, without those that hold times: run.json, table.json, report.md. */
const contents = Effect.fnUntraced(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const timed = new Set(["run.json", "table.json", "report.md"])
  const found: Record<string, string> = {}
  for (const name of (yield* files.readDirectory(folder, { recursive: true })).sort()) {
    const path = join(folder, name)
    if ((yield* files.stat(path)).type !== "File" || timed.has(name)) continue
    found[name] = Buffer.from(yield* files.readFile(path)).toString("base64")
  }
  return found
})

const folders = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const root = yield* files.makeTempDirectoryScoped()
  return (name: string) => join(root, name)
})

it.effect("runPipeline() measures π₀, the baseline and each iteration, and selects by the gold reward", () =>
  Effect.gen(function* () {
    const folder = (yield* folders)("run")
    const results = yield* runIn(folder)
    const { rows, selected } = resultsData(results)
    assert.deepStrictEqual(
      rows.map(({ policy, role }) => [policy, role]),
      [
        ["SFT (π₀)", "initial"],
        ["offline DPO", "baseline"],
        ["iteration 1", "iteration"],
        ["iteration 2", "iteration"]
      ]
    )
    const best = rows
      .filter(({ role }) => role !== "baseline")
      .reduce((a, b) => ((b.goldReward ?? 0) > (a.goldReward ?? 0) ? b : a))
    assert.strictEqual(selected.policy, best.policy)
    assert.deepStrictEqual([rows[0]?.kl, rows[0]?.winRate], [0, 0.5])
    // where data were found stands beside the hashes that decide
    const { lineage = "" } = yield* readArrowMetadata(`${folder}/iteration-1/0-prompts.arrow`)
    assert.deepStrictEqual(JSON.parse(lineage).sources, {
      prompts: '"fixtures/garden/prompts.jsonl": prompts, format "records", found in the first rows'
    })
    const files = yield* FileSystem.FileSystem
    const names = yield* files.readDirectory(folder, { recursive: true })
    assert.deepStrictEqual(
      names.filter((name) => /\.(tmp|part)$/.test(name)),
      []
    )
  }).pipe(Effect.scoped, withFiles)
)

it.effect("runPipeline() trains from πₜ against π₀, or against πₜ when the reference is previous", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const at = yield* folders
    yield* runIn(at("initial"))
    yield* runIn(at("previous"), { set: ["models.reference=previous"] })
    const weights = (folder: string) => files.readFileString(`${at(folder)}/iteration-2/policy/weights.txt`)
    assert.match(
      yield* weights("initial"),
      /^iteration-2\/policy .* of \(iteration-1\/policy .*, reference \(models\/sft [^(]*\(random 0\)/
    )
    assert.match(yield* weights("previous"), /, reference \(iteration-1\/policy [^]*\) on 2$/)
  }).pipe(Effect.scoped, withFiles)
)

const withTest = "evaluate.test=fixtures/garden/test.jsonl"

it.effect(
  "runPipeline() measures π₀, the baseline and the selected policy on test prompts, and chooses without them",
  () =>
    Effect.gen(function* () {
      const at = yield* folders
      const plain = resultsData(yield* runIn(at("plain")))
      const results = yield* runIn(at("tested"), { set: [withTest] })
      const tested = resultsData(results)
      assert.deepStrictEqual(tested.selected.policy, plain.selected.policy)
      const numbers = ({ rows }: typeof plain) => rows.map((row) => ({ ...row, seconds: 0, folder: "" }))
      assert.deepStrictEqual(numbers(tested), numbers(plain))
      assert.deepStrictEqual(
        [plain.test, tested.test?.map(({ policy, responses, role }) => [policy, role, responses])],
        [
          undefined,
          [
            ["SFT (π₀)", "initial", 256],
            ["offline DPO", "baseline", 256],
            [tested.selected.policy, "iteration", 256]
          ]
        ]
      )
      const files = yield* FileSystem.FileSystem
      assert.deepStrictEqual((yield* files.readDirectory(at("tested") + "/test")).sort(), [
        "initial",
        tested.selected.policy.replace(" ", "-"),
        "offline-DPO"
      ])
      for (const text of [formatResults(results), reportResults(results)]) {
        assert.include(text, "On test prompts, which no choice has seen (256 responses each):\n\n")
      }
    }).pipe(Effect.scoped, withFiles)
)

it.effect("runPipeline() asks no test prompt before the choice is made", () =>
  Effect.gen(function* () {
    const at = yield* folders
    const files = yield* FileSystem.FileSystem
    const stopped = runIn(at("run"), { set: [withTest], before: stopAt("trained baseline/policy") })
    assert.isTrue(Exit.isFailure(yield* Effect.exit(stopped)))
    assert.isFalse(yield* files.exists(at("run") + "/test"))
  }).pipe(Effect.scoped, withFiles)
)

const stopAt =
  (place: string): Before =>
  (what) =>
    what === place ? Effect.interrupt : Effect.void

/** A state after every step, which changes no result: the unbroken run saves none. */
const savedOften = ["models.policy.sft.saveEvery=1", "train.saveEvery=1"]

const killedAt = [
  "train models/sft",
  "step 1 of models/sft",
  "step 1 of iteration-1/policy",
  "step 1 of iteration-2/policy",
  "step 1 of baseline/policy",
  "sample 0",
  "sample 1",
  "trained iteration-1/policy",
  "sample 2",
  "train iteration-2/policy",
  "trained baseline/policy"
]

it.effect.each(killedAt)("runPipeline() stopped at %j and run again gives the bytes of an unbroken run", (place) =>
  Effect.gen(function* () {
    const at = yield* folders
    const whole = yield* runIn(at("whole"))
    const first = yield* Effect.exit(runIn(at("broken"), { before: stopAt(place), set: savedOften }))
    assert.isTrue(Exit.isFailure(first))
    const asked: Array<string> = []
    const before = (what: string) => Effect.sync(() => void asked.push(what))
    const second = yield* runIn(at("broken"), { before, set: savedOften })
    assert.notInclude(asked, place.startsWith("step") ? place : "")
    const withoutPlace = (text: string) => text.replaceAll(at("whole"), "").replaceAll(at("broken"), "")
    const numbers = (results: typeof whole) =>
      withoutPlace(JSON.stringify(resultsData(results)).replaceAll(/"seconds":[^,}]*/g, ""))
    assert.strictEqual(numbers(second), numbers(whole))
    assert.deepStrictEqual(yield* contents(at("broken")), yield* contents(at("whole")))
  }).pipe(Effect.scoped, withFiles)
)

it.effect("runPipeline() run again asks no model", () =>
  Effect.gen(function* () {
    const at = yield* folders
    yield* runIn(at("run"))
    const before = yield* contents(at("run"))
    yield* runIn(at("run"), { before: (what) => Effect.die(`asked for ${what}`) })
    assert.deepStrictEqual(yield* contents(at("run")), before)
  }).pipe(Effect.scoped, withFiles)
)

it.effect("runPipeline() with a changed pair stage keeps the samples before it", () =>
  Effect.gen(function* () {
    const at = yield* folders
    const asked: Array<string> = []
    yield* runIn(at("run"))
    yield* runIn(at("run"), {
      set: ["stages.2.pair.rule=bestSecond"],
      before: (what) => Effect.sync(() => void asked.push(what))
    })
    // Other pairs of the same samples in iteration 1; another policy, so other samples, in iteration 2.
    assert.deepStrictEqual(
      ["train models/sft", "sample 1", "train iteration-1/policy", "sample 2", "train iteration-2/policy"].filter(
        (what) => asked.includes(what)
      ),
      ["train iteration-1/policy", "sample 2", "train iteration-2/policy"]
    )
  }).pipe(Effect.scoped, withFiles)
)

const outOfMemory: Before = (what) =>
  what === "train iteration-1/policy"
    ? Effect.fail(new StepFailed({ cause: new Error("Cannot train: no memory") }))
    : Effect.void

it.effect("runPipeline() says which step a failure stopped", () =>
  Effect.gen(function* () {
    const at = yield* folders
    assert.strictEqual(
      yield* messageOf(runIn(at("run"), { before: outOfMemory })),
      'Cannot run "small": Cannot train: no memory'
    )
  }).pipe(Effect.scoped, withFiles)
)

it.effect("runPipeline() refuses to train on no pairs", () =>
  Effect.gen(function* () {
    const at = yield* folders
    assert.strictEqual(
      yield* messageOf(runIn(at("run"), { set: ["stages.2.pair.minimumMargin=100"] })),
      'Cannot run "small": found no pair in iteration 1 (4 prompts), wanted at least one: responses that differ in reward'
    )
  }).pipe(Effect.scoped, withFiles)
)
