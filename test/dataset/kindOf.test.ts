import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { formats, kindOf } from "../../src/dataset/mod.ts"

const kinds = ["judged", "preferences", "demonstrations"] as const
const asked = { promptId: "a", messages: [{ role: "user", content: "2+2?" }] }

const kindIn = (format: string, ...rows: ReadonlyArray<unknown>) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = `${yield* files.makeTempDirectoryScoped()}/rows.jsonl`
    yield* files.writeFileString(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
    return yield* kindOf({ formats, kinds, source: { path, format } }).pipe(
      Effect.mapError(({ reason }) => reason.message)
    )
  }).pipe(Effect.scoped, Effect.provide(NodeFileSystem.layer))

const rows = [
  ["judged", { ...asked, response: "4", desirable: true }],
  ["preferences", { ...asked, chosen: "4", rejected: "5", margin: 1 }],
  ["demonstrations", { ...asked, response: "4" }]
] as const

it.effect("kindOf() is what the first row is, whatever comes after it", () =>
  Effect.gen(function* () {
    for (const [kind, row] of rows) assert.strictEqual(yield* kindIn("records", row, { broken: true }), kind)
  })
)

it.effect("kindOf() is the only kind that a format gives, without a look at the rows", () =>
  Effect.gen(function* () {
    assert.strictEqual(yield* kindIn("promptCompletionLabel", { broken: true }), "judged")
  })
)

it.effect("kindOf() is the first of the kinds where the first row is of several", () =>
  Effect.gen(function* () {
    const row = { prompt: "2+2?", chosen: "4", rejected: "5" }
    assert.strictEqual(yield* kindIn("promptChosenRejected", row), "preferences")
  })
)

it.effect("kindOf() tells for each kind why the first row is not of it", () =>
  Effect.gen(function* () {
    const message = yield* Effect.flip(kindIn("records", { ...asked, chosen: "4", rejected: "5" }))
    assert.match(
      String(message),
      /^line 1 is not a row of format "records": as judged, response: .*; desirable: .*; as preferences, margin: .*; as demonstrations, response: /
    )
  })
)

it.effect("kindOf() names the formats that hold some of the kinds where the format holds none", () =>
  Effect.gen(function* () {
    assert.strictEqual(
      yield* Effect.flip(kindIn("text", "hello")),
      'format "text" holds no judged or preferences or demonstrations, wanted one of "records", "promptChosenRejected", "promptCompletionLabel", "selfInstruct", "alpaca", "chatMl", "kto", "rlhflow", "rlhflowInstances", "shareGpt", "trlExplicit", "trlImplicit", "trlPromptCompletion"'
    )
  })
)
