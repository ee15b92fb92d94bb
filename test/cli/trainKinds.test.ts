import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, it } from "vitest"
import { realEngine, said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-train-kinds-"))
afterAll(() => rmSync(root, { recursive: true }))

const model = "fixtures/model/untied-scaled-sharded"

const rows = (name: string, all: ReadonlyArray<unknown>) => {
  const path = join(root, name)
  writeFileSync(path, all.map((row) => `${JSON.stringify(row)}\n`).join(""))
  return path
}

const train = (into: string, ...args: ReadonlyArray<string>) =>
  said(["train", "--model", model, "--epochs", "1", "--threads", "1", ...args, "--into", join(root, into)], {
    engine: realEngine
  })

const auditOf = (into: string) => JSON.parse(readFileSync(join(root, `${into}.log`, "audit.json"), "utf8"))

const judged = [
  { prompt: "list oak", completion: "crab anchor", label: true },
  { prompt: "list fox", completion: "wave", label: false },
  { prompt: "list taxi", completion: "violin", label: true }
]

it("prefloop train --loss kto reads judged rows, and says what a row lacks", async () => {
  const format = ["--loss", "kto", "--format", "promptCompletionLabel", "--data"]
  const { code, stderr } = await train("kto", ...format, rows("judged.jsonl", judged))
  assert.strictEqual(code, 0, stderr)
  assert.deepInclude(auditOf("kto"), { examples: 3, kept: 3, sequences: 3 })
  const [first, ...others] = judged
  const broken = rows("broken.jsonl", [{ ...first, label: undefined }, ...others])
  const refused = await train("refused", ...format, broken)
  assert.strictEqual(refused.code, 2)
  assert.include(refused.stderr, `line 1 is not a row of format "promptCompletionLabel": label:`)
})

it("prefloop train --loss kto reads the records of judged responses, and preferences as two of them", async () => {
  const messages = [{ role: "user", content: "list oak" }]
  const single = judged.map(({ completion, label }, i) => ({
    promptId: `p${i}`,
    messages,
    response: completion,
    desirable: label
  }))
  const one = await train("single", "--loss", "kto", "--data", rows("single.jsonl", single))
  assert.strictEqual(one.code, 0, one.stderr)
  assert.deepInclude(auditOf("single"), { kept: 3, sequences: 3 })
  const pairs = ["crab", "wave"].map((chosen, i) => ({
    promptId: `p${i}`,
    messages,
    chosen,
    rejected: "fox",
    margin: 1
  }))
  const two = await train("pairs", "--loss", "kto", "--data", rows("pairs.jsonl", pairs))
  assert.strictEqual(two.code, 0, two.stderr)
  assert.deepInclude(auditOf("pairs"), { kept: 2, sequences: 4 })
})

it("prefloop train --loss dpo refuses judged rows and names the formats that hold preferences", async () => {
  const args = ["--loss", "dpo", "--format", "promptCompletionLabel", "--data", rows("judged.jsonl", judged)]
  const { code, stderr } = await train("dpo", ...args)
  assert.strictEqual(code, 2)
  assert.include(
    stderr,
    'format "promptCompletionLabel" holds no preferences, wanted one of "records", "promptChosenRejected"'
  )
})

const records = ["crab", "wave anchor", "violin"].map((chosen, i) => ({
  promptId: `p${i}`,
  messages: [{ role: "user", content: "list oak" }],
  chosen,
  rejected: "fox",
  margin: 1,
  fromReference: i === 1 ? "chosen" : "rejected"
}))
const texts = records.map(({ chosen, fromReference, rejected }) => ({
  prompt: "list oak",
  chosen,
  rejected,
  fromReference
}))
const files = [
  ["records", records],
  ["promptChosenRejected", texts]
] as const

it.each(files)(
  "prefloop train explores on lines of format %s that name the reference's response",
  async (format, all) => {
    const data = ["--format", format, "--data", rows(`${format}.jsonl`, all)]
    for (const loss of ["xpo", "selm"]) {
      const { code, stderr } = await train(`${loss}-${format}`, "--loss", loss, ...data)
      assert.strictEqual(code, 0, stderr)
    }
    const mixture = "loss={mixture: [{loss: {dpo: {}}}, {loss: {xpo: {optimism: 0.01}}}]}"
    const both = await train(`both-${format}`, "--set", mixture, ...data)
    assert.strictEqual(both.code, 0, both.stderr)
  }
)

it.each(files)(
  "prefloop train --loss xpo ends with 2 where a line of format %s does not name it",
  async (format, all) => {
    const [first, second, third] = all
    const data = rows(`silent-${format}.jsonl`, [first, { ...second, fromReference: undefined }, third])
    const { code, stderr } = await train(`silent-${format}`, "--loss", "xpo", "--format", format, "--data", data)
    assert.strictEqual(code, 2)
    const id = format === "records" ? "p1" : `silent-${format}:2`
    assert.include(
      stderr,
      `the loss "xpo" has to know which response the reference policy gave, but row 2, example "${id}", does not say: wanted "fromReference": "chosen" or "rejected" in every row, of format "records" or "promptChosenRejected"`
    )
  }
)

it("prefloop train --loss vpo needs no word on who gave a response: its options name the one it is calibrated on", async () => {
  const silent = records.map(({ chosen, margin, messages, promptId, rejected }) => ({
    promptId,
    messages,
    chosen,
    rejected,
    margin
  }))
  const data = rows("vpo.jsonl", silent)
  const { code, stderr } = await train("vpo", "--loss", "vpo", "--data", data)
  assert.strictEqual(code, 0, stderr)
})
