import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { gzipSync } from "node:zlib"
import type { Prompt } from "../../schemas/mod.ts"
import { formats, type Kinds, readDataset } from "../../src/dataset/mod.ts"

const readText = <K extends keyof Kinds>(kind: K, format: string, text: string | Uint8Array, name = "rows.jsonl") =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = `${yield* files.makeTempDirectoryScoped()}/${name}`
    yield* typeof text === "string" ? files.writeFileString(path, text) : files.writeFile(path, text)
    return yield* readDataset({ formats, kind, source: { path, format } }).pipe(
      Effect.mapError((error) => error.reason.message)
    )
  }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))

const user = (promptId: string, content: string): Prompt => ({ promptId, messages: [{ role: "user", content }] })

it.effect("readDataset() gives the records of format records and skips empty lines", () =>
  Effect.gen(function* () {
    const row = { promptId: "a", messages: [{ role: "user", content: "2+2?" }] } as const
    assert.deepStrictEqual(yield* readText("prompts", "records", `${JSON.stringify(row)}\n\n`), [row])
  })
)

it.effect("readDataset() reads promptChosenRejected with the margin of its scores, 0 without them", () =>
  Effect.gen(function* () {
    const texts = { prompt: "p", chosen: "c", rejected: "r" }
    const scored = { ...texts, metadata: { score_chosen: 9, score_rejected: 8.5 } }
    const lines = `${JSON.stringify(texts)}\n${JSON.stringify(scored)}\n`
    assert.deepStrictEqual(yield* readText("preferences", "promptChosenRejected", lines), [
      { ...user("rows:1", "p"), chosen: "c", rejected: "r", margin: 0 },
      { ...user("rows:2", "p"), chosen: "c", rejected: "r", margin: 0.5 }
    ])
    assert.deepStrictEqual(yield* readText("demonstrations", "promptChosenRejected", lines), [
      { ...user("rows:1", "p"), response: "c" },
      { ...user("rows:2", "p"), response: "c" }
    ])
  })
)

it.effect("readDataset() joins instruction and input of selfInstruct and keeps its ids", () =>
  Effect.gen(function* () {
    const row = { id: "seed_task_0", instruction: "Add", instances: [{ input: "1 2", output: "3" }] }
    assert.deepStrictEqual(yield* readText("demonstrations", "selfInstruct", JSON.stringify(row)), [
      { ...user("seed_task_0", "Add\n\n1 2"), response: "3" }
    ])
  })
)

it.effect("readDataset() reads JSON strings of a gzip file", () =>
  Effect.gen(function* () {
    const bytes = gzipSync('"hello"\n')
    assert.deepStrictEqual(yield* readText("prompts", "text", bytes, "said.jsonl.gz"), [user("said:1", "hello")])
  })
)

it.effect("readDataset() stops after limit rows, before a later broken line", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = `${yield* files.makeTempDirectoryScoped()}/rows.jsonl`
    yield* files.writeFileString(path, '"one"\n"two"\nbroken')
    const rows = yield* readDataset({ formats, kind: "prompts", source: { path, format: "text", limit: 2 } })
    assert.deepStrictEqual(
      rows.map((row) => row.messages[0]?.content),
      ["one", "two"]
    )
  }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))
)

it.effect.each([
  ["a line that is not JSON", "prompts", "text", '"a"\n{oops', 'line 2 is "{oops", wanted one JSON value'],
  [
    "a row of another shape",
    "prompts",
    "records",
    '{"promptId":"a","messages":[{"role":"robot","content":"x"}]}',
    'line 1 is not a row of format "records": messages.0.role: Expected "system" | "user" | "assistant"'
  ],
  [
    "a repeated promptId",
    "prompts",
    "selfInstruct",
    '{"id":"a","instruction":"x","instances":[{"input":"","output":"y"}]}\n'.repeat(2),
    'line 2 repeats promptId "a" of line 1, wanted each promptId once'
  ],
  [
    "a kind that a format cannot give",
    "preferences",
    "text",
    '"a"',
    'format "text" holds no preferences, wanted one of "records", "promptChosenRejected", "alpaca", "rlhflow", "rlhflowInstances", "shareGpt", "trlExplicit", "trlImplicit"'
  ],
  ["no rows", "prompts", "text", "\n", "found no rows, wanted at least one"]
] as const)("readDataset() refuses %s", ([, kind, format, text, message]) =>
  Effect.gen(function* () {
    assert.strictEqual(yield* Effect.flip(readText(kind, format, text)), message)
  })
)

it.effect("readDataset() names a missing file", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(
      readDataset({ formats, kind: "prompts", source: { path: "nowhere.jsonl", format: "text" } })
    )
    assert.strictEqual(
      error.message,
      'Cannot read "nowhere.jsonl": found no such file, wanted a file of JSON lines (plain, or compressed with a name that ends in .gz)'
    )
  }).pipe(Effect.provide(NodeFileSystem.layer))
)

it.effect("readDataset() reads promptCompletionLabel with texts or messages, as judged responses or as prompts", () =>
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

it.effect("readDataset() says what is wrong with a label", () =>
  Effect.gen(function* () {
    const row = JSON.stringify({ prompt: "p", completion: "c", label: "yes" })
    assert.strictEqual(
      yield* Effect.flip(readText("judged", "promptCompletionLabel", row)),
      'line 1 is not a row of format "promptCompletionLabel": label: Expected boolean'
    )
  })
)
