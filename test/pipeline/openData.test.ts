import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Stream } from "effect"
import { gzipSync } from "node:zlib"
import type { Prompt } from "../../schemas/mod.ts"
import { type DataKind, type DataSource, openData } from "../../src/pipeline/data/mod.ts"

const read = <K extends DataKind>(kind: K, source: DataSource) =>
  Effect.flatMap(openData({ kind, source }), ({ rows }) => Stream.runCollect(rows))

const readText = <K extends DataKind>(
  kind: K,
  format: string | undefined,
  text: string | Uint8Array,
  name = "rows.jsonl"
) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = `${yield* files.makeTempDirectoryScoped()}/${name}`
    yield* files.writeFile(path, typeof text === "string" ? Buffer.from(text) : text)
    return yield* Effect.mapError(read(kind, { path, format }), (error) => error.reason.message)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

const user = (promptId: string, content: string): Prompt => ({ promptId, messages: [{ role: "user", content }] })

it.effect("openData() gives the records of format records and skips empty lines", () =>
  Effect.gen(function* () {
    const row = { promptId: "a", messages: [{ role: "user", content: "2+2?" }] } as const
    assert.deepStrictEqual(yield* readText("prompts", "records", `${JSON.stringify(row)}\n\n`), [row])
  })
)

it.effect("openData() reads promptChosenRejected with the margin of its scores, 0 without them", () =>
  Effect.gen(function* () {
    const texts = { prompt: "p", chosen: "c", rejected: "r" }
    const scored = { ...texts, metadata: { score_chosen: 9, score_rejected: 8.5 } }
    const lines = `${JSON.stringify(texts)}\n${JSON.stringify(scored)}\n`
    assert.deepStrictEqual(yield* readText("preferences", "promptChosenRejected", lines), [
      { ...user("rows:1", "p"), chosen: "c", rejected: "r", margin: 0 },
      { ...user("rows:2", "p"), chosen: "c", rejected: "r", margin: 0.5, chosenScore: 9, rejectedScore: 8.5 }
    ])
    assert.deepStrictEqual(yield* readText("demonstrations", "promptChosenRejected", lines), [
      { ...user("rows:1", "p"), response: "c" },
      { ...user("rows:2", "p"), response: "c" }
    ])
  })
)

it.effect("openData() calls rows of files of one name after their folders too, so that no two have one id", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const folder = yield* files.makeTempDirectoryScoped()
    for (const name of ["base/train.jsonl", "online/train.jsonl"]) {
      yield* files.makeDirectory(`${folder}/${name.split("/")[0]}`)
      yield* files.writeFileString(`${folder}/${name}`, `{"prompt":"of ${name}"}\n`)
    }
    assert.deepStrictEqual(yield* read("prompts", { path: folder }), [
      user("base/train:1", "of base/train.jsonl"),
      user("online/train:1", "of online/train.jsonl")
    ])
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)

it.effect("openData() joins instruction and input of selfInstruct and keeps its ids", () =>
  Effect.gen(function* () {
    const row = { id: "seed_task_0", instruction: "Add", instances: [{ input: "1 2", output: "3" }] }
    assert.deepStrictEqual(yield* readText("demonstrations", "selfInstruct", JSON.stringify(row)), [
      { ...user("seed_task_0", "Add\n\n1 2"), response: "3" }
    ])
  })
)

it.effect("openData() reads JSON strings of a gzip file", () =>
  Effect.gen(function* () {
    const bytes = gzipSync('"hello"\n')
    assert.deepStrictEqual(yield* readText("prompts", "text", bytes, "said.jsonl.gz"), [user("said:1", "hello")])
  })
)

it.effect("openData() stops after limit rows, before a later broken line", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = `${yield* files.makeTempDirectoryScoped()}/rows.jsonl`
    yield* files.writeFileString(path, '"one"\n"two"\nbroken')
    const rows = yield* read("prompts", { path, format: "text", limit: 2 })
    assert.deepStrictEqual(
      rows.map((row) => row.messages[0]?.content),
      ["one", "two"]
    )
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
)

it.effect.each([
  ["a line that is not JSON", "prompts", "text", '"a"\n{oops', "line 2, character 2: found"],
  [
    "a row of another shape",
    "prompts",
    "records",
    '{"promptId":"a","messages":[{"role":"robot","content":"x"}]}',
    'line 1 is not a row of format "records": messages.0.role: Expected "system" | "user" | "assistant"'
  ],
  [
    "a row of another shape, where the shape is not told",
    "prompts",
    undefined,
    '{"promptId":"a","messages":[{"role":"robot","content":"x"}]}',
    'line 1 is not a row of format "records": messages.0.role: Expected "system" | "user" | "assistant"'
  ],
  [
    "a kind that a format cannot give",
    "preferences",
    "text",
    '"a"',
    'format "text" holds no preferences, wanted one of "records", "promptChosenRejected", "alpaca", "rlhflow", "rlhflowInstances", "shareGpt", "trlExplicit", "trlImplicit"'
  ]
] as const)("openData() refuses %s", ([, kind, format, text, message]) =>
  Effect.gen(function* () {
    assert.include(yield* Effect.flip(readText(kind, format, text)), message)
  })
)

const messageOf = (path: string) => Effect.map(Effect.flip(read("prompts", { path })), ({ message }) => message)

it.effect("openData() names a missing file, and the nearest data set of the table where a word stands alone", () =>
  Effect.gen(function* () {
    assert.strictEqual(
      yield* messageOf("nowhere.jsonl"),
      'Cannot read "nowhere.jsonl": found no such file, wanted a file that exists'
    )
    assert.include(yield* messageOf("hhRlfh"), 'no data set of the table: did you mean "hhRlhf"? (known: hhRlhf, shp,')
  }).pipe(Effect.provide(NodeServices.layer))
)

it.effect("openData() reads JSON lines in a file named .json, and a document that begins with an object", () =>
  Effect.gen(function* () {
    const rows = [user("a", "x"), user("b", "y")]
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("")
    assert.deepStrictEqual(yield* readText("prompts", undefined, lines, "rows.json"), rows)
    assert.deepStrictEqual(yield* readText("prompts", undefined, gzipSync(lines), "rows.json.gz"), rows)
    const document = JSON.stringify({ data: rows }, undefined, 2)
    assert.deepStrictEqual(yield* readText("prompts", undefined, document, "rows.json"), rows)
  })
)

it.effect("openData() reads promptCompletionLabel with texts or messages, as judged responses or as prompts", () =>
  Effect.gen(function* () {
    const said = { prompt: "p", completion: "c", label: true }
    const messages = [{ role: "system", content: "s" } as const, { role: "user", content: "p" } as const]
    const chat = { prompt: messages, completion: [{ role: "assistant", content: "c" }], label: false }
    const lines = `${JSON.stringify(said)}\n${JSON.stringify(chat)}\n`
    assert.deepStrictEqual(yield* readText("judged", "promptCompletionLabel", lines), [
      { ...user("rows:1", "p"), response: "c", desirable: true },
      { promptId: "rows:2", messages, response: "c", desirable: false }
    ])
    assert.deepStrictEqual(yield* readText("prompts", "promptCompletionLabel", lines), [
      user("rows:1", "p"),
      { promptId: "rows:2", messages }
    ])
    const row = { ...user("a", "p"), response: "c", desirable: true }
    assert.deepStrictEqual(yield* readText("judged", "records", JSON.stringify(row)), [row])
  })
)

it.effect("openData() says what is wrong with a label", () =>
  Effect.gen(function* () {
    const row = JSON.stringify({ prompt: "p", completion: "c", label: "yes" })
    assert.strictEqual(
      yield* Effect.flip(readText("judged", "promptCompletionLabel", row)),
      'line 1 is not a row of format "promptCompletionLabel": label: Expected boolean'
    )
  })
)
