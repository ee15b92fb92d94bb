import { assert, it } from "vitest"
import { said } from "./said.ts"
import { temporaryRows } from "./temporaryRows.ts"

const { rows } = temporaryRows("audit")

const model = "fixtures/model/tied-bias-bfloat16"

const audit = (data: string, ...args: ReadonlyArray<string>) =>
  said(["data", "audit", "--model", model, "--data", data, ...args])

const asked = [{ role: "user", content: "list oak" }]
const pairs = rows("pairs.jsonl", [
  { promptId: "p", messages: asked, chosen: "crab anchor wave", rejected: "fox", margin: 1 },
  { promptId: "q", messages: asked, chosen: "fox", rejected: "fox", margin: 1 }
])

it("prefloop data audit prints a table of preferences and an example with what is learned in brackets", async () => {
  const { code, stderr, stdout } = await audit(pairs)
  assert.deepStrictEqual([code, stderr], [0, ""])
  assert.strictEqual(
    stdout,
    `preferences of "${pairs}" within 64 tokens (error)

examples         2 read, 1 kept as 2 sequences
dropped          1 identical
to be corrected  none
tokens           16 prompt, 6 response, 6 learned
prompt length    8 to 8, mean 8.0
response length  2 to 4, mean 3.0
sequence length  10 to 12, mean 11.0
start token      1
begin with it    2 once, 0 twice (one removed), 0 never
end tokens       3
end with one     2 once, 0 twice, 0 unlearned, 0 lost
pad token        0
truncated        0 prompts, 0 responses
empty responses  0
kept apart       0 turns before which a token would reach across

"p", chosen:
<bos> <im_start> user list oak <im_end> <im_start> assistant⟦ crab⟧⟦ anchor⟧⟦ wave⟧⟦ <im_end>⟧

"p", rejected:
<bos> <im_start> user list oak <im_end> <im_start> assistant⟦ fox⟧⟦ <im_end>⟧
`
  )
})

it("prefloop data audit --json writes one JSON object, with what was cut under a length policy", async () => {
  const { code, stdout } = await audit(pairs, "--json", "--max-tokens", "10", "--length-policy", "truncateResponse")
  const found: unknown = JSON.parse(stdout)
  assert.strictEqual(code, 0)
  assert.deepInclude(found, { kind: "preferences", maxTokens: 10, lengthPolicy: "truncateResponse", problems: [] })
  assert.nestedInclude(found, { "audit.truncated.response": 1, "audit.ends.lost": 1 })
})

it("prefloop data audit reads demonstrations, and learns every turn or the last", async () => {
  const messages = [...asked, { role: "assistant", content: "crab" }, ...asked]
  const data = rows("talks.jsonl", [{ promptId: "t", messages, response: "fox" }])
  const all = await audit(data)
  assert.include(
    all.stdout,
    "assistant⟦ crab⟧⟦ <im_end>⟧ <im_start> user list oak <im_end> <im_start> assistant⟦ fox⟧⟦ <im_end>⟧"
  )
  const last = await audit(data, "--turns", "last")
  assert.include(
    last.stdout,
    "assistant crab <im_end> <im_start> user list oak <im_end> <im_start> assistant⟦ fox⟧⟦ <im_end>⟧"
  )
  assert.include(last.stdout, `demonstrations of "${data}"`)
})

it("prefloop data audit reads the garden's data as a run would", async () => {
  const demonstrations = await audit(
    "fixtures/garden/demonstrations.jsonl",
    "--limit",
    "100",
    "--examples",
    "0",
    "--json"
  )
  const preferences = await audit("fixtures/garden/preferences.jsonl", "--limit", "100", "--examples", "0", "--json")
  assert.nestedInclude(JSON.parse(demonstrations.stdout), { kind: "demonstrations", "audit.sequences": 100 })
  assert.nestedInclude(JSON.parse(preferences.stdout), { kind: "preferences", "audit.sequences": 200 })
  assert.deepStrictEqual([demonstrations.code, preferences.code], [0, 0])
})

it("prefloop data audit ends with 2 and names the examples that have to be corrected, after the table", async () => {
  const data = rows("long.jsonl", [
    { promptId: "a", messages: asked, response: "fox" },
    { promptId: "b", messages: asked, response: "fox ".repeat(40) }
  ])
  const { code, stderr, stdout } = await audit(data, "--max-tokens", "40")
  assert.strictEqual(code, 2)
  assert.include(stdout, "to be corrected  1 SequenceTooLong\n")
  assert.strictEqual(
    stderr,
    `Cannot train on "${data}": 1 of 2 examples have to be corrected
example "b": Cannot encode prompt and response: found 49 tokens, wanted at most 40
`
  )
})

it("prefloop data audit ends with 2 when nothing is left", async () => {
  const { code, stderr } = await audit(pairs, "--max-tokens", "4", "--length-policy", "drop")
  assert.deepStrictEqual(
    [code, stderr],
    [2, `Cannot train on "${pairs}": all 2 examples were dropped, wanted at least one\n`]
  )
})

const missing = [
  [["--data", "none.jsonl", "--model", model], 'Cannot read "none.jsonl": found no such file'],
  [["--data", pairs, "--model", "nowhere"], 'Cannot open the model "nowhere": found no "config.json"'],
  [["--data", pairs, "--model", model, "--format", "csv"], 'Invalid value for flag --format: "csv"'],
  [["--data", pairs, "--model", model, "--length-policy", "cut"], "Invalid value for flag --length-policy"],
  [["--data", pairs, "--model", model, "--kind", "demonstrations"], 'line 1 is not a row of format "records"'],
  [["--data", pairs], "Missing required flag: --model"]
] as const

it.each(missing)("prefloop data audit %j ends with 2 and says what is wrong", async (args, sentence) => {
  const { code, stderr, stdout } = await said(["data", "audit", ...args])
  assert.include(stderr, sentence)
  assert.deepStrictEqual([code, stdout], [2, ""])
})
