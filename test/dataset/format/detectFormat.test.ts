import { existsSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { detectFormat, formats, type FormatUnclear } from "../../../src/dataset/mod.ts"
import { rowsOf } from "../source/readFixture.ts"

const detect = detectFormat(formats)
const messages = [
  { role: "user", content: "Q" },
  { role: "assistant", content: "A" }
]
const conversation = { conversation_id: 1, messages }

it.each([
  ["records", { promptId: "p", messages: messages.slice(0, 1) }],
  ["records", { promptId: "p", messages, response: "A" }],
  ["records", { promptId: "p", messages, chosen: "A", rejected: "B", margin: 0 }],
  ["chatMl", { promptId: "p", messages }],
  ["promptChosenRejected", { prompt: "Q", chosen: "A", rejected: "B", metadata: { score_chosen: 1 } }],
  ["promptCompletionLabel", { prompt: "Q", completion: "A", label: true }],
  ["selfInstruct", { id: "a", instruction: "I", instances: [{ input: "", output: "A" }] }],
  ["text", "Q"],
  ["alpaca", { instruction: "I", input: "", output: "A" }],
  ["alpaca", { instruction: "I", chosen: "A", rejected: "B" }],
  ["chatMl", { messages }],
  ["kto", { messages, label: true }],
  ["rlhflow", { chosen: messages, rejected: messages, chosen_score: 1, rejected_score: null }],
  ["rlhflowInstances", { input: "Q", output: "A" }],
  ["rlhflowInstances", conversation],
  ["rlhflowInstances", { chosen: conversation, rejected: conversation }],
  ["shareGpt", { conversations: [{ from: "human", value: "Q" }] }],
  ["trlExplicit", { prompt: "Q", chosen: "A", rejected: "B" }],
  ["trlImplicit", { chosen: messages, rejected: messages }],
  ["trlPrompt", { prompt: "Q" }],
  ["trlPromptCompletion", { prompt: "Q", completion: "A" }],
  ["trlText", { text: "T" }]
])("detectFormat() is %s for %j, and no other", (name, row) => {
  assert.deepStrictEqual(detect([row]), Result.succeed(name))
})

const unclear = (rows: ReadonlyArray<unknown>): FormatUnclear => {
  const found = detect(rows)
  if (Result.isSuccess(found)) assert.fail(`found "${found.success}"`)
  return found.failure
}

it("detectFormat() does not choose between two that fit equally: it names both", () => {
  const { fitting, message } = unclear([{ instruction: "I", output: "A", messages }])
  assert.deepStrictEqual(fitting, ["alpaca", "chatMl"])
  assert.match(message, /^Cannot tell the format of 1 rows: found "alpaca", "chatMl", which fit equally, wanted one/)
})

it("detectFormat() says what speaks against each where none fits, in the first row that does not", () => {
  const { fitting, others } = unclear([{ messages: [{ role: "robot", content: "Q" }] }, { prompt: "Q" }])
  assert.deepStrictEqual(fitting, [])
  assert.strictEqual(others.length, Object.keys(formats).length)
  const against = (name: string) => others.find(({ format }) => format === name)?.objection
  assert.strictEqual(against("records"), 'row 0 lacks field "promptId"')
  assert.strictEqual(
    against("chatMl"),
    'row 0 field "messages[0].role": found "robot", wanted "system" | "user" | "assistant"'
  )
})

it("detectFormat() is the one that most rows are of where some are broken, and so is a lone broken row by its keys", () => {
  const broken = { messages: [{ role: "robot", content: "Q" }] }
  assert.deepStrictEqual(detect([{ messages }, broken, { prompt: "Q" }]), Result.succeed("chatMl"))
  assert.deepStrictEqual(detect([broken]), Result.succeed("chatMl"))
})

it("detectFormat() of no rows is no format", () => {
  assert.strictEqual(unclear([]).message, "Cannot tell the format: found no rows, wanted at least one")
})

const data = new URL("../../../../shared/data/", import.meta.url)

describe.skipIf(!existsSync(data))("detectFormat() on the real files of shared/data", () => {
  it.each([
    ["hh-rlhf/harmless-base_test.jsonl.gz", "trlImplicit", "preferences", 2312],
    ["ultrafeedback-subset/train_clean.jsonl.gz", "promptChosenRejected", "preferences", 998],
    ["llamafactory-demo/dpo_en_demo.json", "shareGpt", "preferences", 300],
    ["llamafactory-demo/kto_en_demo.json", "kto", "judged", 300],
    ["llamafactory-demo/alpaca_en_demo.json", "alpaca", "demonstrations", 999],
    ["llms-from-scratch/instruction-data-with-preference.json", "alpaca", "preferences", 1100],
    ["oasst-sample/prompt_lottery_en_250_text.jsonl", "text", "prompts", 250],
    ["self-instruct/data/seed_tasks.jsonl", "selfInstruct", "demonstrations", 175]
  ] as const)("%s is %s, and gives its %s: %d rows", (file, name, kind, count) => {
    const rows = rowsOf(new URL(file, data)).map(({ value }) => value)
    assert.deepStrictEqual(detect(rows.slice(0, 20)), Result.succeed(name))
    const reader = Reflect.get(formats[name], kind) as (row: unknown, id: string) => Result.Result<unknown, string> // as: the kind is written beside the name
    assert.strictEqual(rows.filter((row, i) => Result.isSuccess(reader(row, `r:${i}`))).length, count)
  })
})
