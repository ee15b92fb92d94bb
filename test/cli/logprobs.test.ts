import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, it } from "vitest"
import { families } from "../model/families.ts"
import { recordedModels, recordings } from "../recordings.ts"
import { realEngine, said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-logprobs-"))
afterAll(() => rmSync(root, { recursive: true }))

/** Float32 sums of some ten log-probabilities, in another order than PyTorch's. */
const tolerance = 2e-4

interface Line {
  readonly row: number
  readonly promptId: string
  readonly which: string
  readonly tokens: number
  readonly logp: number
}

const logprobs = (model: string, data: string, ...args: ReadonlyArray<string>) =>
  said(["logprobs", "--model", model, "--data", data, ...args])

const linesOf = (stdout: string): ReadonlyArray<Line> =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line) // as: the shape is compared below

const rows = (name: string, all: ReadonlyArray<unknown>) => {
  const path = join(root, name)
  writeFileSync(path, all.map((row) => `${JSON.stringify(row)}\n`).join(""))
  return path
}

/** A recorded model whose template prints the words of messages alone, with a word for every id: any ids have a text. */
const plainModel = (name: string) => {
  const folder = join(root, name)
  cpSync(`fixtures/model/${name}`, folder, { recursive: true })
  const change = (file: string, f: (old: Record<string, unknown>) => unknown) => {
    const path = join(folder, file)
    writeFileSync(path, JSON.stringify(f(JSON.parse(readFileSync(path, "utf8")))))
  }
  const { vocab_size: size } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"))
  const words = Array.from({ length: size }, (_, id) => (id < specials.length ? (specials[id] ?? "") : `word${id}`))
  const vocab = Object.fromEntries(words.map((word, id) => [word, id]))
  change("tokenizer.json", (old) => ({ ...old, model: { type: "WordLevel", vocab, unk_token: "<unk>" } }))
  const template = "{% for message in messages %}{{ message.content }} {% endfor %}"
  change("tokenizer_config.json", (old) => ({ ...old, chat_template: template }))
  return { folder, say: (ids: ReadonlyArray<number>) => ids.map((id) => words[id]).join(" ") }
}

/** The tokens that the tokenizers of the fixtures share, from id 0. */
const specials = ["<pad>", "<bos>", "<im_start>", "<im_end>", "<unk>"]

const { gemma2 } = families
const recorded = [
  ...recordedModels.map((name) => [name, recordings[name]] as const),
  ...(gemma2 ? [["gemma2", gemma2] as const] : [])
]

it.each(recorded)("prefloop logprobs of %s gives transformers' numbers", async (name, { ids, logps, promptLength }) => {
  const { folder, say } = plainModel(name)
  const longest = Math.max(...ids.map((row) => row.length))
  // the end token that follows a response was not recorded: the longest rows lose it to the limit
  const whole = ids.flatMap((row, i) => (row.length === longest ? [i] : []))
  const data = rows(
    `${name}.jsonl`,
    whole.map((i) => ({
      promptId: `p${i}`,
      messages: [{ role: "user", content: say(ids[i]?.slice(0, promptLength) ?? []) }],
      response: say(ids[i]?.slice(promptLength) ?? [])
    }))
  )
  const limit = ["--max-tokens", String(longest), "--length-policy", "truncateResponse"]
  const { code, stderr, stdout } = await logprobs(folder, data, ...limit, "--batch-size", "2")
  assert.deepStrictEqual([code, stderr], [0, ""])
  const found = linesOf(stdout)
  assert.deepStrictEqual(
    found.map(({ promptId, row, tokens, which }) => ({ row, promptId, which, tokens })),
    whole.map((i, row) => ({ row, promptId: `p${i}`, which: "response", tokens: longest - promptLength }))
  )
  found.forEach(({ logp }, row) => assert.closeTo(logp, logps[whole[row] ?? 0] ?? Number.NaN, tolerance))
})

const model = "fixtures/model/untied-scaled-sharded"
const asked = [{ role: "user", content: "list oak" }]
const pair = (promptId: string, chosen: string, rejected: string) => ({
  promptId,
  messages: asked,
  chosen,
  rejected,
  margin: 1
})

it("prefloop logprobs gives both responses of a pair in the order of the rows, and names what training leaves out", async () => {
  const data = rows("pairs.jsonl", [
    pair("a", "crab anchor wave", "fox"),
    pair("b", "fox", "fox"),
    pair("c", "fox", "oak")
  ])
  const { code, stderr, stdout } = await logprobs(model, data)
  assert.strictEqual(code, 0)
  assert.strictEqual(stderr, `Warning: left out rows of "${data}" that training leaves out: 1 identical\n`)
  assert.deepStrictEqual(
    linesOf(stdout).map(({ row, tokens, which }) => [row, which, tokens]),
    [
      [0, "chosen", 4],
      [0, "rejected", 2],
      [2, "chosen", 2],
      [2, "rejected", 2]
    ]
  )
})

it("prefloop logprobs gives the logps/* that the first step of training logs", async () => {
  const data = rows("first.jsonl", [pair("a", "crab anchor wave", "fox"), pair("c", "fox", "oak violin")])
  const into = join(root, "trained")
  const args = ["train", "--loss", "dpo", "--model", model, "--data", data, "--into", into, "--epochs", "1"]
  assert.strictEqual((await said(args, { engine: realEngine })).code, 0)
  const first: Record<string, number> = JSON.parse(
    readFileSync(`${into}.log/metrics.jsonl`, "utf8").split("\n")[0] ?? ""
  )
  const lines = linesOf((await logprobs(model, data)).stdout)
  for (const which of ["chosen", "rejected"]) {
    const found = lines.filter((line) => line.which === which).map(({ logp }) => logp)
    const mean = found.reduce((sum, logp) => sum + logp, 0) / found.length
    assert.closeTo(first[`logps/${which}`] ?? Number.NaN, mean, tolerance)
  }
})

const talk = rows("talks.jsonl", [
  { promptId: "a", messages: asked, response: "fox" },
  { promptId: "b", messages: asked, response: " " }
])

const missing = [
  [["--model", "nowhere", "--data", talk], 'Cannot open the model "nowhere"'],
  [["--model", "fixtures/model/reward", "--data", talk], 'Cannot open the model "fixtures/model/reward"'],
  [["--model", model, "--data", "none.jsonl"], 'Cannot read "none.jsonl": found no such file'],
  [
    ["--model", model, "--data", talk],
    `Cannot read "${talk}": line 2 is not a row of format "records": response: Expected a text that is not empty`
  ],
  [["--model", model], "Missing required flag: --data"]
] as const

it.each(missing)("prefloop logprobs %j ends with 2 and says what is wrong", async (args, sentence) => {
  const { code, stderr, stdout } = await said(["logprobs", ...args])
  assert.include(stderr, sentence)
  assert.deepStrictEqual([code, stdout], [2, ""])
})
