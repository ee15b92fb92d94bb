import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Path, Stream } from "effect"
import { Preference, Scored } from "../../schemas/mod.ts"
import { readArrow, type RecordSchema } from "../../src/arrow/mod.ts"
import { compile, Progress, runPipeline, RunStore } from "../../src/pipeline/mod.ts"
import { fakeTrainers } from "./fakeTrainers.ts"
import { checkText, messageOf, readText, smallPipeline, temporaryFile, withFiles } from "./small.ts"

/** XPO as in its Algorithm 1: one response of πₜ against one of π₀, DPO and the optimism term. */
const exploring = smallPipeline
  .replace("perTemperature: 4", "perTemperature: 1")
  .replace("  - score: {}\n", "  - sampleReference: { maxNewTokens: 8 }\n  - score: {}\n")
  .replace("  - pair: {}\n", "  - pair: { among: policyAndReference }\n")
  .replace("train: {", "train: { loss: { mixture: [{ loss: { dpo: {} } }, { loss: { xpo: {} } }] },")
  .replace(/^baseline: .*\n/m, "")

const rowsIn = <A>(path: string, schema: RecordSchema<A>) =>
  Effect.map(Stream.runCollect(readArrow(path, schema)), (batches) => batches.flatMap((batch) => batch.rows))

const textsOf = (rows: ReadonlyArray<Scored>, which: number) => rows.map(({ responses }) => responses[which]?.text)

const run = Effect.fnUntraced(function* (folder: string, text: string) {
  const checked = yield* checkText(text)
  const described = { name: "small", seed: 0, versions: {}, pipelineFile: "small.yaml", pipeline: checked.file }
  const store = RunStore.layer({ folder, fresh: false, run: described }).pipe(Layer.provideMerge(Progress.silent))
  yield* Effect.provide(runPipeline(checked), Layer.merge(store, fakeTrainers()))
  const { join } = yield* Path.Path
  return {
    scored: (t: number) => rowsIn(join(folder, `iteration-${t}/3-score.arrow`), Scored),
    pairs: (t: number) => rowsIn(join(folder, `iteration-${t}/4-pair.arrow`), Preference)
  }
})

it.effect("runPipeline() explores: each pair is of both policies, and names the response of π₀", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const { pairs, scored } = yield* run(yield* files.makeTempDirectoryScoped(), exploring)
    for (const t of [1, 2]) {
      const rows = yield* scored(t)
      assert.deepStrictEqual(
        rows.map(({ drawnFrom }) => drawnFrom),
        rows.map((): Scored["drawnFrom"] => ["policy", "reference"])
      )
      // the same model with the same seed would say the same twice: the reference has a seed of its own
      assert.notDeepEqual(textsOf(rows, 0), textsOf(rows, 1))
      const made = yield* pairs(t)
      assert.isAbove(made.length, 0)
      for (const { chosen, fromReference, promptId, rejected } of made) {
        const row = rows.find((each) => each.promptId === promptId)
        const reference = row?.responses[1]?.text
        assert.strictEqual(fromReference === "chosen" ? chosen : rejected, reference)
        assert.isDefined(fromReference)
      }
    }
  }).pipe(Effect.scoped, withFiles)
)

it.effect("runPipeline() draws the reference's responses from π₀, or from πₜ when the reference is previous", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const root = yield* files.makeTempDirectoryScoped()
    const initial = yield* run(`${root}/initial`, exploring)
    const previous = yield* run(`${root}/previous`, exploring.replace("models:\n", "models:\n  reference: previous\n"))
    // the first iteration starts from π₀ either way
    assert.deepStrictEqual(textsOf(yield* initial.scored(1), 1), textsOf(yield* previous.scored(1), 1))
    assert.notDeepEqual(textsOf(yield* initial.scored(2), 1), textsOf(yield* previous.scored(2), 1))
  }).pipe(Effect.scoped, withFiles)
)

it.effect("compile() gives the columns of exploring stages, and passes them on", () =>
  Effect.gen(function* () {
    const { stages } = yield* compile(
      yield* readText(
        exploring.replace("among: policyAndReference }\n", "among: policyAndReference }\n  - filter: {}\n")
      )
    )
    assert.deepStrictEqual(
      stages.map(({ after, name }) => [name, after.join(" ")]),
      [
        ["sample", "promptId messages responses"],
        ["sampleReference", "promptId messages responses drawnFrom"],
        ["score", "promptId messages responses rewards drawnFrom"],
        ["pair", "promptId messages chosen rejected margin fromReference"],
        ["filter", "promptId messages chosen rejected margin fromReference"]
      ]
    )
  }).pipe(withFiles)
)

it.effect("compile() refuses a loss that explores on pairs that do not say which response π₀ gave", () =>
  Effect.gen(function* () {
    const text = exploring.replace("among: policyAndReference", "")
    assert.strictEqual(
      yield* messageOf(Effect.flatMap(readText(text), compile)),
      'Cannot compile "small": train.loss "mixture" needs column "fromReference", stage 4 "pair" gives promptId, messages, chosen, rejected, margin; stages "sampleReference" and "pair" with "among: policyAndReference" give "fromReference" (16:10)'
    )
  }).pipe(withFiles)
)

it.effect("compile() refuses pairs of both policies where π₀ was not asked", () =>
  Effect.gen(function* () {
    const text = exploring.replace("  - sampleReference: { maxNewTokens: 8 }\n", "")
    assert.strictEqual(
      yield* messageOf(Effect.flatMap(readText(text), compile)),
      'Cannot compile "small": stage 3 "pair" needs column "drawnFrom", stage 2 "score" gives promptId, messages, responses, rewards; a stage "sampleReference" before it gives "drawnFrom" (14:5)'
    )
  }).pipe(withFiles)
)

it.effect("checkInputs() refuses an offline baseline whose pairs do not say which response π₀ gave", () =>
  Effect.gen(function* () {
    const row = { promptId: "a", messages: [{ role: "user", content: "?" }], chosen: "x", rejected: "y", margin: 1 }
    const rows = [
      { ...row, fromReference: "chosen" },
      { ...row, promptId: "b" }
    ]
    const path = yield* temporaryFile("offline.jsonl", rows.map((each) => `${JSON.stringify(each)}\n`).join(""))
    const text = `${exploring}baseline: { offlineDpo: { data: ${path} } }\n`
    assert.include(
      yield* messageOf(checkText(text)),
      'baseline.offlineDpo.data: example "b" does not say which response the reference policy gave'
    )
    const whole = yield* temporaryFile("whole.jsonl", `${JSON.stringify(rows[0])}\n`)
    const { offline } = yield* checkText(text.replace(path, whole))
    const [pair] = yield* Stream.runCollect(offline.rows)
    assert.deepStrictEqual(pair?.fromReference, "chosen")
  }).pipe(Effect.scoped, withFiles)
)
