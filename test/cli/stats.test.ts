import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "vitest"
import type { DatasetStatistics } from "../../schemas/mod.ts"
import { said } from "./said.ts"
import { temporaryRows } from "./temporaryRows.ts"

const { root, rows } = temporaryRows("stats")

const messages = [{ role: "user", content: "list oak" }]
const pairs = rows("pairs.jsonl", [
  { promptId: "p", messages, chosen: "crab anchor wave", rejected: "fox", margin: 1 },
  { promptId: "q", messages, chosen: "fox", rejected: "crab", margin: -1 }
])
const more = rows("more.jsonl", [{ promptId: "p", messages, chosen: "fox", rejected: "oak", margin: 0 }])

it("prefloop data stats prints a line for each file and one for all, and writes the report", async () => {
  const out = join(root, "report")
  const args = ["--tokenizer", "fixtures/model/tied-bias-bfloat16", "--out", out]
  const { code, stderr, stdout } = await said(["data", "stats", pairs, more, ...args])
  assert.deepStrictEqual([code, stderr], [0, ""])
  assert.deepStrictEqual(stdout.split("\n").slice(0, 6), [
    "Dataset  #Prompts  Prompt Len.  Preferred Len.  Rejected Len.  Completion  Annotator  #Pairs   Longer",
    "pairs           1          2.0             2.0            1.0  –           –               2  100.0 %",
    "more            1          2.0             1.0            1.0  –           –               1        –",
    "all             1          2.0             1.7            1.0  –           –               3  100.0 %",
    "",
    "Lengths are means over all rows, in tokens of tied-bias-bfloat16"
  ])
  const names = ["statistics.json", "statistics.md", "statistics.svg", "statistics.html"]
  assert.isTrue(names.every((name) => existsSync(join(out, name))))
  const { all }: { all: unknown } = JSON.parse(readFileSync(join(out, "statistics.json"), "utf8"))
  assert.deepInclude(all, { rows: 3, prompts: 1 })
})

it("prefloop data stats --json writes one JSON object", async () => {
  const { code, stdout } = await said(["data", "stats", "fixtures/garden/prompts.jsonl", "--json"])
  const found: unknown = JSON.parse(stdout)
  assert.strictEqual(code, 0)
  assert.nestedInclude(found, { unit: "characters", by: "dataset", "groups[0].name": "prompts" })
})

it("prefloop data stats --by split reads every split of a folder", async () => {
  const folder = join(root, "folder")
  mkdirSync(folder)
  for (const [split, n] of [
    ["train", 3],
    ["test", 1]
  ] as const)
    writeFileSync(
      join(folder, `${split}.jsonl`),
      Array.from({ length: n }, (_, i) => `{"prompt":"ask ${i}"}\n`).join("")
    )
  const { code, stderr, stdout } = await said(["data", "stats", folder, "--by", "split", "--json"])
  assert.deepStrictEqual([code, stderr], [0, ""])
  const { by, groups }: Pick<DatasetStatistics, "by" | "groups"> = JSON.parse(stdout)
  assert.deepStrictEqual(
    [by, groups.map(({ name, rows: n }) => [name, n])],
    [
      "split",
      [
        ["train", 3],
        ["test", 1]
      ]
    ]
  )
  const one = await said(["data", "stats", folder, "--by", "split", "--split", "test", "--json"])
  assert.nestedInclude(JSON.parse(one.stdout), { "groups[0].name": "test", "groups.length": 1 })
})

const wrong = [
  [["none.jsonl"], 'Cannot read "none.jsonl": found no such file'],
  [[rows("empty.jsonl", []), "--kind", "prompts"], "found no rows, wanted at least one"],
  [[pairs, "--kind", "demonstrations"], 'line 1 is not a row of format "records"'],
  [[pairs, "--tokenizer", "nowhere"], 'Cannot open the model "nowhere": found no "tokenizer.json"'],
  [[pairs, "--by", "colour"], "Invalid value for flag --by"]
] as const

it.each(wrong)("prefloop data stats %j ends with 2 and says what is wrong", async (args, sentence) => {
  const { code, stderr, stdout } = await said(["data", "stats", ...args])
  assert.include(stderr, sentence)
  assert.deepStrictEqual([code, stdout], [2, ""])
})
