import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path, Stream } from "effect"
import { Judgement } from "../../schemas/mod.ts"
import { readArrow, readArrowMetadata } from "../../src/arrow/mod.ts"
import { compile, explain, formatExplanation } from "../../src/pipeline/mod.ts"
import { hashValue } from "../../src/pipeline/store/hash.ts"
import { bytesOf } from "../cli/bytesOf.ts"
import { serve } from "../remote/serve.ts"
import { type Given, runWithPersons } from "./persons.ts"
import { messageOf, readText, smallPipeline, withFiles } from "./small.ts"

const person = (keys: string, ranking = "tournament") =>
  smallPipeline
    .replace("reward: { rule: garden }\n", `reward: { rule: garden }\n  preference: { person: { ${keys} } }\n`)
    .replace("  - score: {}\n  - pair: {}\n", `  - judge: { ranking: ${ranking} }\n`)

const two = person("annotators: [ann, ben]")
const present = ["ann", "ben"]

const folders = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const root = yield* files.makeTempDirectoryScoped()
  return (name: string) => join(root, name)
})

const names = (given: ReadonlyArray<Given>) => given.map(({ annotator, pairId }) => `${annotator} ${pairId}`).toSorted()

/** What the files of a run hold, but for the labels: those hold how long a person thought. */
const untimed = (folder: string) => {
  const { "labels.arrow": _, ...rest } = bytesOf(folder)
  return rest
}

const waits = (said: ReadonlyArray<string>) => said.filter((line) => line.startsWith("Pairs wait"))

const hash = (annotators: ReadonlyArray<string>) => hashValue({ person: { annotators, seed: 0 } })

const explained = (text: string) => Effect.flatMap(Effect.flatMap(readText(text), compile), explain)

const verdictsIn = (folder: string) =>
  Effect.map(Stream.runCollect(readArrow(`${folder}/labels.arrow`, Judgement)), (batches) =>
    batches.flatMap(({ rows }) => rows)
  )

describe("runPipeline() with persons", () => {
  it.live("stopped in either iteration goes on to the same bytes, and asks nobody twice", () =>
    Effect.gen(function* () {
      const at = yield* folders
      const whole = yield* runWithPersons({ folder: at("whole"), text: two, present })
      const first = yield* runWithPersons({ folder: at("broken"), text: two, present, most: 5 })
      assert.deepStrictEqual([first.given.length, first.results], [5, undefined])
      // stopped again when 3 verdicts of the second iteration are left
      const most = whole.given.length - first.given.length - 3
      const second = yield* runWithPersons({ folder: at("broken"), text: two, present, most })
      assert.include(bytesOf(at("broken")), {
        "iteration-1/2-judge.arrow": untimed(at("whole"))["iteration-1/2-judge.arrow"]
      })
      const third = yield* runWithPersons({ folder: at("broken"), text: two, present })
      assert.deepStrictEqual([third.given.length, third.results?.rows.length], [3, 4])
      // each of what an unbroken run asks is asked once, whatever stopped it
      const given = [first, second, third].flatMap((run) => run.given)
      assert.deepStrictEqual(names(given), names(whole.given))
      assert.strictEqual(new Set(names(whole.given)).size, whole.given.length)
      assert.deepStrictEqual(names(yield* verdictsIn(at("broken"))), names(whole.given))
      assert.deepStrictEqual(untimed(at("broken")), untimed(at("whole")))
      const again = yield* runWithPersons({ folder: at("broken"), text: two, present })
      assert.deepStrictEqual([again.given, waits(again.said)], [[], []])
    }).pipe(Effect.scoped, withFiles)
  )

  it.live("says where the page is, one address for all iterations, and how many pairs wait for whom", () =>
    Effect.gen(function* () {
      const at = yield* folders
      const { given, said } = yield* runWithPersons({ folder: at("run"), text: two, present })
      const line =
        /^Pairs wait to be judged, (\d+) for "ann", (\d+) for "ben": open (http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/) in a browser of this machine$/
      const found = waits(said).map((one) => line.exec(one)?.slice(1) ?? [one])
      assert.strictEqual(new Set(found.map(([, , url]) => url)).size, 1)
      const told = (which: 0 | 1) => found.reduce((sum, counts) => sum + Number(counts[which]), 0)
      assert.deepStrictEqual(
        [told(0), told(1)],
        present.map((name) => given.filter(({ annotator }) => annotator === name).length)
      )
      // 4 prompts of 4 responses each in 2 iterations: no more than 6 pairs of each
      assert.isAtMost(given.length, 2 * 2 * 4 * 6)
    }).pipe(Effect.scoped, withFiles)
  )

  it.live("carries who judged in the lineage; their order and the port are not in it, a new one alone is asked", () =>
    Effect.gen(function* () {
      const at = yield* folders
      const folder = at("run")
      const { given } = yield* runWithPersons({ folder, text: two, present })
      const lineage = Effect.map(readArrowMetadata(`${folder}/iteration-2/2-judge.arrow`), (found) =>
        JSON.parse(found["lineage"] ?? "")
      )
      assert.strictEqual((yield* lineage).inputs.preference, hash(["ann", "ben"]))
      const port = new URL((yield* serve(() => "close")).url).port
      const same = person(`annotators: [ben, ann], port: ${port}`) // taken: nothing is asked, so nothing is opened
      const other = yield* runWithPersons({ folder, text: same, present })
      assert.deepStrictEqual([other.given, other.results?.rows.length], [[], 4])
      const more = yield* runWithPersons({
        folder,
        text: person("annotators: [ann, ben, cat]"),
        present: [...present, "cat"]
      })
      const pairIds = given.filter(({ annotator }) => annotator === "ann").map(({ pairId }) => pairId)
      assert.deepStrictEqual(names(more.given), pairIds.map((pairId) => `cat ${pairId}`).toSorted())
      assert.include(more.said, "Making iteration-1/2-judge.arrow again: another preference")
      assert.strictEqual((yield* lineage).inputs.preference, hash(["ann", "ben", "cat"]))
    }).pipe(Effect.scoped, withFiles)
  )

  it.live("says which port is taken", () =>
    Effect.gen(function* () {
      const at = yield* folders
      const port = new URL((yield* serve(() => "close")).url).port
      const text = person(`annotators: [ann], port: ${port}`)
      assert.include(
        yield* messageOf(runWithPersons({ folder: at("run"), text, present: [] })),
        'Cannot run "small": Cannot compare responses: the persons who judge: Cannot serve the page: listen EADDRINUSE'
      )
    }).pipe(Effect.scoped, withFiles)
  )
})

describe("readPipeline() with persons", () => {
  const wrong = [
    ["annotators: []", "models.preference.person.annotators.0: is missing"],
    ["annotators: [ann, ann]", "models.preference.person.annotators: expected each name once"],
    ["annotators: [ann], port: 65536", "models.preference.person.port: expected a value between 0 and 65535"],
    ["annotators: [ann], labels: x", "models.preference.person.labels: unknown key"]
  ] as const

  for (const [keys, message] of wrong) {
    it.effect(`refuses ${keys}`, () =>
      Effect.gen(function* () {
        assert.include(yield* messageOf(readText(person(keys))), message)
      }).pipe(withFiles)
    )
  }
})

describe("explain() with persons", () => {
  it.effect("counts what each is asked at most: a pair once, however often it is compared", () =>
    Effect.gen(function* () {
      // 4 prompts of 4 responses each: 2·4 − 3 matches and the final, which are all 6 pairs there are
      const { persons } = yield* explained(two)
      assert.deepStrictEqual(persons, { annotators: present, perIteration: 24, total: 48, byTournament: undefined })
      // of 2 responses the one match is the final
      const small = yield* explained(two.replace("perTemperature: 4", "perTemperature: 2"))
      assert.deepStrictEqual([small.persons?.perIteration, small.perIteration.comparisons], [4, 8])
      assert.isUndefined((yield* explained(smallPipeline)).persons)
    }).pipe(withFiles)
  )

  it.effect("says what a tournament would ask where that is less", () =>
    Effect.gen(function* () {
      const text = person("annotators: [ann, ben]", "roundRobin").replace("perTemperature: 4", "perTemperature: 8")
      const explanation = yield* explained(text)
      // 4 prompts: 8·7/2 = 28 pairs of each, or 2·8 − 3 and the final, 14
      assert.deepStrictEqual(explanation.persons, {
        annotators: present,
        perIteration: 112,
        total: 224,
        byTournament: 56
      })
      const lines = formatExplanation(explanation).split("\n")
      const asked = lines
        .filter((line) => /asked of each|tournament/.test(line))
        .map((line) => line.replace(/ +/g, " "))
      assert.deepStrictEqual(asked, [
        "comparisons asked of each person per iteration, at most 112 (ann, ben)",
        "comparisons asked of each person in all, at most 224",
        "per iteration with ranking: tournament (2n − 3 of n responses, and the final) 56"
      ])
    }).pipe(withFiles)
  )
})
