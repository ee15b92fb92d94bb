import { existsSync } from "node:fs"
import { assert, it } from "vitest"
import { said } from "./said.ts"
import { temporaryRows } from "./temporaryRows.ts"

const { rows } = temporaryRows("map")

const asked = (promptId: string, ...texts: ReadonlyArray<string>) => ({
  promptId,
  messages: texts.map((content, i) => ({ role: i % 2 === 0 ? "user" : "assistant", content }))
})
const first = rows("first.jsonl", [asked("a", "name three ships"), asked("b", "oak and fir", "sea", "and wave")])
const pair = { ...asked("a", "name three ships"), chosen: "crab", rejected: "fox", margin: 0, source: "forum" }
const second = rows("second.jsonl", [pair])

const map = (encoder: string, ...args: ReadonlyArray<string>) =>
  said(["data", "map", first, second, "--encoder", encoder, ...args, "--threads", "2"])

it("prefloop data map writes a page of the prompts of all files, what does not say its source is of its file", async () => {
  const out = first.replace("first.jsonl", "out")
  const { code, stdout } = await map("fixtures/embedding/bert", "--out", out, "--topics", "2", "--json")
  assert.strictEqual(code, 0)
  const found: Record<string, unknown> = JSON.parse(stdout)
  assert.deepInclude(found, {
    prompts: 3,
    method: "principal components",
    repeated: 0,
    truncated: 0,
    sources: [
      { name: "first.jsonl", prompts: 2 },
      { name: "forum", prompts: 1 }
    ],
    topics: [
      { name: "name, ships, three", keywords: ["name", "ships", "three"], prompts: 2 },
      { name: "fir, oak, wave", keywords: ["fir", "oak", "wave"], prompts: 1 }
    ]
  })
  assert.isTrue(existsSync(`${out}/prompt-map.html`))
})

it("prefloop data map says in one sentence that a folder holds no sentence encoder", async () => {
  const { code, stderr, stdout } = await map("fixtures/model/reward", "--out", "never")
  assert.deepStrictEqual(
    [code, stdout, stderr],
    [2, "", 'Cannot open the sentence encoder "fixtures/model/reward": "model_type" is "llama", wanted one of "bert"\n']
  )
})
