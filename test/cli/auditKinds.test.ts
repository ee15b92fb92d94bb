import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Result } from "effect"
import { assert, it } from "vitest"
import type { Preference } from "../../schemas/mod.ts"
import { formats } from "../../src/dataset/mod.ts"
import { preferenceExample } from "../../src/text/mod.ts"
import { said } from "./said.ts"
import { temporaryRows } from "./temporaryRows.ts"

const { root, rows } = temporaryRows("audit-kinds")

const model = "fixtures/model/tied-bias-bfloat16"
const asked = [{ role: "user", content: "list oak" }]
const prompt = "<bos> <im_start> user list oak <im_end> <im_start> assistant"

/** What follows the table: a name for each sequence of the first example, and its tokens. */
const shownOf = (stdout: string): ReadonlyArray<ReadonlyArray<string | undefined>> =>
  [...stdout.matchAll(/^"(.*)", (.*):\n(.*)$/gm)].map(([, promptId, name, tokens]) => [promptId, name, tokens])

interface Case {
  readonly kind: string
  readonly args: ReadonlyArray<string>
  readonly row: unknown
  readonly shown: ReadonlyArray<ReadonlyArray<string | undefined>>
}

const kinds: ReadonlyArray<Case> = [
  {
    kind: "demonstrations",
    args: [],
    row: { promptId: "p", messages: asked, response: "crab anchor" },
    shown: [["p", "response", `${prompt}⟦ crab⟧⟦ anchor⟧⟦ <im_end>⟧`]]
  },
  {
    kind: "preferences",
    args: [],
    row: { promptId: "p", messages: asked, chosen: "crab", rejected: "fox", margin: 1 },
    shown: [
      ["p", "chosen", `${prompt}⟦ crab⟧⟦ <im_end>⟧`],
      ["p", "rejected", `${prompt}⟦ fox⟧⟦ <im_end>⟧`]
    ]
  },
  {
    kind: "judged",
    args: [],
    row: { promptId: "p", messages: asked, response: "fox", desirable: false },
    shown: [["p", "undesirable", `${prompt}⟦ fox⟧⟦ <im_end>⟧`]]
  },
  {
    kind: "judged",
    args: ["--format", "promptCompletionLabel"],
    row: { prompt: "list oak", completion: "crab", label: true },
    shown: [["rows:1", "desirable", `${prompt}⟦ crab⟧⟦ <im_end>⟧`]]
  }
]

it.each(kinds)("prefloop data audit reads rows as $kind with $args, and marks what is learned", async (one) => {
  const data = rows("rows.jsonl", [one.row])
  const { code, stderr, stdout } = await said(["data", "audit", "--model", model, "--data", data, ...one.args])
  assert.deepStrictEqual([code, stderr], [0, ""])
  assert.include(stdout, `${one.kind} of "${data}" within 64 tokens`)
  assert.deepStrictEqual(shownOf(stdout), one.shown)
})

const judge = "fixtures/judge/model"
const pair = (promptId: string): Preference => ({
  promptId,
  messages: [{ role: "user", content: "list oak" }],
  chosen: "crab",
  rejected: "fox",
  margin: 1
})
const pairs = rows("pairs.jsonl", [
  pair("a"),
  { ...pair("b"), rejected: "crab" },
  { ...pair("c"), messages: [{ role: "system", content: "be brief" }, ...asked] }
])

const questions = (...args: ReadonlyArray<string>) =>
  said(["data", "audit", "--model", judge, "--data", pairs, "--kind", "questions", ...args])

it("prefloop data audit --kind questions asks which response is better: the letter alone is learned", async () => {
  const { code, stderr, stdout } = await questions("--json")
  assert.deepStrictEqual([code, stderr], [0, ""])
  const { audit, examples, kind } = JSON.parse(stdout)
  assert.strictEqual(kind, "questions")
  assert.deepInclude(audit, { examples: 3, kept: 1, sequences: 1, dropped: { identical: 1, turnsUneven: 1 } })
  assert.deepInclude(audit.tokens, { response: 1, learned: 1 })
  const [{ name, tokens }] = examples
  assert.strictEqual(name, "question")
  assert.match(tokens, /\[RESPONSE A\].*\[RESPONSE B\].*⟦ ?[AB]⟧$/)
})

const letterOf = (seed: number) => Result.getOrThrow(preferenceExample(pair("a"), { seed })).letter

it("prefloop data audit --kind questions draws the order of the responses from --seed, as training does", async () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed)
  for (const letter of ["A", "B"] as const) {
    const seed = seeds.find((each) => letterOf(each) === letter)
    const { stdout } = await questions("--json", "--seed", String(seed))
    assert.match(JSON.parse(stdout).examples[0].tokens, new RegExp(`⟦ ?${letter}⟧$`))
  }
})

it("prefloop data audit --after-end learn marks what the template prints after the end token", async () => {
  const folder = join(root, "model")
  cpSync(model, folder, { recursive: true })
  const config = join(folder, "tokenizer_config.json")
  writeFileSync(config, readFileSync(config, "utf8").replace("<im_end>\\\\n", "<im_end> wave"))
  const data = rows("after.jsonl", [{ promptId: "p", messages: asked, response: "fox" }])
  const args = ["data", "audit", "--model", folder, "--data", data]
  const left = await said(args)
  const learned = await said([...args, "--after-end", "learn"])
  assert.match(left.stdout, /⟦ fox⟧⟦ <im_end>⟧$/m)
  assert.match(learned.stdout, /⟦ fox⟧⟦ <im_end>⟧⟦ wave⟧$/m)
})

it.each(["train", "logprobs", "data audit"])(
  "prefloop %s --help names every format that holds examples",
  async (name) => {
    const { stdout } = await said([...name.split(" "), "--help"])
    const line = stdout.split("\n").find((each) => each.includes("--format"))
    const wanted = Object.entries(formats).flatMap(([format, readers]) =>
      Object.keys(readers).some((kind) => kind !== "prompts") ? [format] : []
    )
    assert.include(wanted, "promptCompletionLabel")
    assert.include(line, `(choices: ${wanted.join(", ")})`)
  }
)
