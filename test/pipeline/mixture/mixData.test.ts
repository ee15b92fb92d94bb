import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, FileSystem, Schema, Stream } from "effect"
import { openData } from "../../../src/pipeline/data/mod.ts"
import { mixData, MixReport } from "../../../src/pipeline/mixture/mod.ts"
import { bytesOf } from "../../cli/bytesOf.ts"
import { withFiles } from "../small.ts"
import { folderOf, idsOf, mixIn, pair, pairs, readIn, tableOf } from "./mixed.ts"

const two = `name: two
kind: preferences
sources:
  - { path: "\${folder}/a.jsonl", format: records }
  - { path: "\${folder}/b.jsonl", format: records }
out: \${folder}/out
`

const files = { "a.jsonl": pairs("a", 6), "b.jsonl": pairs("b", 3) }
const all = [...files["a.jsonl"], ...files["b.jsonl"]].map(({ promptId }) => promptId)

/** A judged response. */
const judged = (promptId: string, desirable: boolean) => ({
  promptId,
  messages: [{ role: "user", content: `ask ${promptId}` }],
  response: "yes",
  desirable
})

/** What of a source is counted, in the order of the table. */
const flow = ({ sources }: MixReport) =>
  sources.map(({ kept, mixed, name, records, rowsIn }) => [name, rowsIn, records, kept, mixed])

const losses = ({ filters, sources }: MixReport): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(
    sources.map(({ filters: rules, name }) => [
      name,
      Object.fromEntries(rules.map(({ dropped, rule }) => [rule, dropped]))
    ])
  ),
  whole: Object.fromEntries(filters.map(({ dropped, rule }) => [rule, dropped]))
})

/** Ids of prompts that came twice. */
const promptsOf = (ids: ReadonlyArray<string>) => new Set(ids.map((id) => id.replace("again", "")))

const namesIn = (folder: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.map(fs.readDirectory(folder), (names) => names.toSorted()))

describe("mixData()", () => {
  it.effect("writes every row once, with a report that is read back, and leaves nothing else", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* folderOf(files)
      const { folder: out, made, report } = yield* mixIn(folder, two)
      assert.deepStrictEqual(
        [out, made, flow(report)],
        [
          `${folder}/out`,
          true,
          [
            ["a", 6, 6, 6, 6],
            ["b", 3, 3, 3, 3]
          ]
        ]
      )
      assert.deepStrictEqual((yield* idsOf(out)).toSorted(), all)
      const read = yield* Schema.decodeUnknownEffect(Schema.fromJsonString(MixReport))(
        yield* fs.readFileString(`${out}/data-mix.json`)
      )
      assert.deepStrictEqual(JSON.stringify(read), JSON.stringify(report))
      assert.deepStrictEqual(yield* namesIn(folder), ["a.jsonl", "b.jsonl", "mixture.yaml", "out"])
      assert.deepStrictEqual(yield* namesIn(out), ["README.md", "data", "data-mix.json", "json"])
    }).pipe(withFiles)
  )

  it.effect("gives the same bytes for the same seed, whatever memory it has, and another order for another seed", () =>
    Effect.gen(function* () {
      const folder = yield* folderOf(files)
      const run = (out: string, ...set: ReadonlyArray<string>) => mixIn(folder, two, [`out=${folder}/${out}`, ...set])
      yield* run("one")
      yield* run("again", "shuffle.memory=1")
      const { report } = yield* run("other", "seed=1")
      assert.deepStrictEqual(bytesOf(`${folder}/again`), bytesOf(`${folder}/one`))
      const [one, other] = [yield* idsOf(`${folder}/one`), yield* idsOf(`${folder}/other`)]
      assert.notDeepEqual(other, one)
      assert.deepStrictEqual([other.toSorted(), report.seed], [all, 1])
    }).pipe(withFiles)
  )

  it.effect("makes a mixture once: the same again does nothing, and another one keeps out of its folder", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* folderOf(files)
      const first = yield* mixIn(folder, two)
      const before = bytesOf(first.folder)
      assert.deepStrictEqual(yield* mixIn(folder, two), { ...first, made: false })
      const problem = yield* Effect.flip(mixIn(folder, two, ["seed=1"]))
      assert.include(problem.message, 'found mixture "two" with other settings or inputs, wanted an empty folder')
      yield* fs.writeFileString(`${folder}/b.jsonl`, `${JSON.stringify(pair("new"))}\n`)
      assert.include((yield* Effect.flip(mixIn(folder, two))).message, "with other settings or inputs")
      assert.deepStrictEqual(bytesOf(first.folder), before)
    }).pipe(withFiles)
  )

  it.effect("begins anew after a run that was killed", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* folderOf(files)
      yield* fs.makeDirectory(`${folder}/out.tmp/data`, { recursive: true })
      yield* fs.writeFileString(`${folder}/out.tmp/data/train-00000.parquet.tmp`, "half")
      yield* fs.makeDirectory(`${folder}/out.work/rows/shuffle-x`, { recursive: true })
      yield* fs.writeFileString(`${folder}/out.work/lock`, "2147483646") // a process that cannot be
      const { report } = yield* mixIn(folder, two)
      assert.strictEqual(report.rows, 9)
      assert.deepStrictEqual(yield* namesIn(folder), ["a.jsonl", "b.jsonl", "mixture.yaml", "out"])
    }).pipe(withFiles)
  )

  it.effect("stopped when all rows are mixed, goes on with them to the same bytes; another mixture mixes anew", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* folderOf(files)
      const wentOn: Array<number> = []
      const onGoOn = (rows: number) => Effect.sync(() => void wentOn.push(rows))
      const run = Effect.fnUntraced(function* (out: string, table: typeof tableOf, ...set: ReadonlyArray<string>) {
        const { file } = yield* readIn(folder, two, [`out=${folder}/${out}`, ...set])
        return yield* mixData({ file, onError: "stop", tableOf: table, onGoOn })
      })
      /** Interrupted when the card is asked for: the rows are in their shards, and the folder is not there yet. */
      const stopped = Effect.fnUntraced(function* (out: string) {
        const fiber: Fiber.Fiber<unknown, unknown> = yield* Effect.forkChild(
          run(out, (statistics) => {
            fiber.interruptUnsafe()
            return tableOf(statistics)
          })
        )
        assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
        assert.deepStrictEqual(yield* namesIn(`${folder}/${out}.work`), ["mixed.arrow", "mixed.json"])
        assert.isFalse(yield* fs.exists(`${folder}/${out}`))
      })
      const whole = yield* run("whole", tableOf)
      const other = yield* run("other", tableOf, "seed=1")
      yield* stopped("broken")
      const { report } = yield* run("broken", tableOf)
      assert.deepStrictEqual([report, wentOn], [whole.report, [9]])
      assert.deepStrictEqual(bytesOf(`${folder}/broken`), bytesOf(whole.folder))
      yield* stopped("changed")
      yield* run("changed", tableOf, "seed=1")
      assert.deepStrictEqual(wentOn, [9])
      assert.deepStrictEqual(bytesOf(`${folder}/changed`), bytesOf(other.folder))
      assert.deepStrictEqual(
        (yield* namesIn(folder)).filter((name) => /\.(work|tmp)$/.test(name)),
        []
      )
    }).pipe(withFiles)
  )

  it.effect("mixes judged responses, and writes them as TRL's KTO trainer reads them", () =>
    Effect.gen(function* () {
      const folder = yield* folderOf({
        "a.jsonl": [judged("a", true), judged("b", false)],
        "c.jsonl": [judged("c", true)]
      })
      const text = two.replace("kind: preferences", "kind: judged").replace("b.jsonl", "c.jsonl")
      const { folder: out, report } = yield* mixIn(folder, text)
      assert.deepStrictEqual([report.kind, report.rows], ["judged", 3])
      assert.deepStrictEqual(report.statistics.all.desirable?.count, 2)
      assert.deepStrictEqual((yield* idsOf(out)).toSorted(), ["a", "b", "c"])
      const { rows } = yield* openData({ source: { path: out }, kinds: ["judged"] })
      const read = yield* Stream.runCollect(rows)
      assert.deepStrictEqual(read.map(({ desirable, messages }) => [messages[0]?.content, desirable]).toSorted(), [
        ["ask a", true],
        ["ask b", false],
        ["ask c", true]
      ])
    }).pipe(withFiles)
  )

  it.effect("leaves nothing under the name when a row cannot be read; skip counts it and goes on", () =>
    Effect.gen(function* () {
      const folder = yield* folderOf({ ...files, "b.jsonl": [...pairs("b", 2), { prompt: 3 }] })
      const { file } = yield* readIn(folder, two, ["split.shares={x: 1, y: 1}"])
      const problem = yield* Effect.flip(mixData({ file, onError: "stop", tableOf }))
      assert.include(problem.message, "line 3")
      assert.deepStrictEqual(yield* namesIn(folder), ["a.jsonl", "b.jsonl", "mixture.yaml"])
      const { report } = yield* mixData({ file, onError: "skip", tableOf })
      assert.deepStrictEqual(flow(report), [
        ["a", 6, 6, 6, 6],
        ["b", 3, 2, 2, 2]
      ])
      assert.deepStrictEqual(report.sources[1]?.skipped, { RowUnfit: 1 })
    }).pipe(withFiles)
  )

  it.effect("reads the files of SHP, which are JSON lines named .json", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* folderOf({})
      yield* fs.copyFile("fixtures/dataset/shp.jsonl", `${folder}/train.json`)
      const text = `name: s\nkind: preferences\nsources: [{ dataset: shp, path: "\${folder}/train.json" }]\n`
      const { report } = yield* mixIn(folder, text, [`out=${folder}/out`])
      assert.deepStrictEqual(flow(report), [["shp", 2, 2, 1, 1]])
    }).pipe(withFiles)
  )

  it.effect("says so when no row is left", () =>
    Effect.gen(function* () {
      const folder = yield* folderOf(files)
      const problem = yield* Effect.flip(mixIn(folder, two, ["filters=[{ margin: { minimum: 1 } }]"]))
      assert.strictEqual(problem.message, 'Cannot mix "two": found no row left of 9 ("a", "b"), wanted at least one')
      assert.deepStrictEqual(yield* namesIn(folder), ["a.jsonl", "b.jsonl", "mixture.yaml"])
    }).pipe(withFiles)
  )

  it.effect("applies the rules of a source to it alone, then those of the whole, and counts both", () =>
    Effect.gen(function* () {
      const same = { messages: [{ role: "user", content: "one question" }] }
      const folder = yield* folderOf({
        "a.jsonl": [pair("a0", same), pair("a1", same), pair("a2", { chosen: "bad" })],
        "b.jsonl": [pair("b0", same), pair("b1", same), pair("b2", { margin: -1, contradicted: "score" })]
      })
      const { report } = yield* mixIn(folder, two, [
        "sources.0.filters=[{ identical: {} }, { pairsPerPrompt: { most: 1 } }]",
        "filters=[{ contradicted: {} }, { exactDuplicates: { by: prompt } }]"
      ])
      // a: a2 is identical, a1 the second of its prompt. The whole: b2 is contradicted; of a0, b0 and b1 one stays.
      assert.deepStrictEqual(flow(report), [
        ["a", 3, 3, 1, 1],
        ["b", 3, 3, 3, 3]
      ])
      assert.deepStrictEqual(losses(report), {
        a: { identical: 1, pairsPerPrompt: 1 },
        b: {},
        whole: { contradicted: 1, exactDuplicates: 2 }
      })
      assert.deepStrictEqual([report.mixed, report.kept, report.rows], [4, 1, 1])
      assert.deepStrictEqual(report.filters[0]?.examples, [{ id: "b2", why: "score speaks against the label" }])
    }).pipe(withFiles)
  )

  it.effect("takes as many of a source as is said: the first, or some that the seed draws", () =>
    Effect.gen(function* () {
      const folder = yield* folderOf(files)
      const run = (out: string, pick: string) =>
        mixIn(folder, two, [`out=${folder}/${out}`, "sources.0.take=3", `sources.0.pick=${pick}`, "order=drawn"])
      const ofA = (out: string) =>
        Effect.map(idsOf(`${folder}/${out}`), (ids) => ids.filter((id) => id.startsWith("a")))
      yield* run("first", "first")
      const { report } = yield* run("drawn", "random")
      assert.deepStrictEqual(yield* ofA("first"), ["a0", "a1", "a2"])
      const drawn = yield* ofA("drawn")
      assert.deepStrictEqual([drawn.length, new Set(drawn).size, report.sources[0]?.mixed], [3, 3, 3])
      assert.notDeepEqual(drawn.toSorted(), ["a0", "a1", "a2"]) // of 20 draws of 3 of 6, this seed has another one
    }).pipe(withFiles)
  )

  it.effect("stops with the first source that ends, or begins it again; the whole may be cut", () =>
    Effect.gen(function* () {
      const folder = yield* folderOf({ "a.jsonl": pairs("a", 200), "b.jsonl": pairs("b", 3) })
      const run = (out: string, ...set: ReadonlyArray<string>) =>
        Effect.map(mixIn(folder, two, [`out=${folder}/${out}`, ...set]), ({ report }) => report)
      const stop = yield* run("stop", "exhausted=stop")
      const [a, b] = stop.sources.map(({ mixed }) => mixed)
      assert.strictEqual(b, 3)
      assert.isBelow(a ?? 0, 200)
      const repeat = yield* run("repeat", "exhausted=repeat")
      assert.isAtLeast(repeat.sources[1]?.mixed ?? 0, 150) // drawn as often as a, all 200 of which come
      assert.deepStrictEqual([repeat.sources[1]?.rowsIn, repeat.sources[1]?.kept], [3, 3])
      const cut = yield* run("cut", "take=5")
      assert.deepStrictEqual([cut.mixed, cut.kept, cut.rows, cut.statistics.all.rows], [203, 203, 5, 5])
    }).pipe(withFiles)
  )

  it.effect("puts no prompt into two parts", () =>
    Effect.gen(function* () {
      const twice = pairs("p", 40).flatMap((row) => [row, { ...row, promptId: `${row.promptId}again` }])
      const folder = yield* folderOf({ "a.jsonl": twice, "b.jsonl": pairs("b", 1) })
      const { folder: out, report } = yield* mixIn(folder, two, ["split.shares={ train: 3, test: 1 }"])
      const [train, test] = [yield* idsOf(out, "train"), yield* idsOf(out, "test")]
      assert.strictEqual(promptsOf(train).intersection(promptsOf(test)).size, 0)
      assert.deepStrictEqual(report.splits, [
        { name: "train", rows: train.length, shards: 1 },
        { name: "test", rows: test.length, shards: 1 }
      ])
      assert.deepStrictEqual([train.length + test.length, test.length > 0], [81, true])
    }).pipe(withFiles)
  )

  it.effect("leaves out what shares a run of words with a test set, and says with what", () =>
    Effect.gen(function* () {
      const leaked = pair("leak", { messages: [{ role: "user", content: "How many eggs do three hens lay?" }] })
      const folder = yield* folderOf({
        ...files,
        "b.jsonl": [leaked],
        "test.jsonl": [{ q: "How many eggs do six ducks lay" }]
      })
      const set = [
        `benchmarks={ eggs: { path: ${folder}/test.jsonl, fields: [q] } }`,
        "filters=[{ decontaminate: { against: [eggs], ngram: 4 } }]"
      ]
      const { report } = yield* mixIn(folder, two, set)
      assert.deepStrictEqual(report.filters, [
        {
          rule: "decontaminate",
          dropped: 1,
          examples: [{ id: "leak", why: 'whole shares "how many eggs do" with "eggs/1"' }]
        }
      ])
      const other = [...set, `out=${folder}/other`, "benchmarks.eggs.fields=[question]"]
      assert.strictEqual(
        (yield* Effect.flip(mixIn(folder, two, other))).message,
        `Cannot read test set "${folder}/test.jsonl": line 1 has the fields q, wanted a text in "question"`
      )
    }).pipe(withFiles)
  )
})
