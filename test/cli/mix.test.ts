import { spawn } from "node:child_process"
import { existsSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"
import { bytesOf } from "./bytesOf.ts"
import { said } from "./said.ts"
import { temporaryRows } from "./temporaryRows.ts"

const { root } = temporaryRows("mix")

const lines = [
  "source                 rows  records  kept  mixed",
  "hhRlhf                    2        1     1      1",
  "shp                       2        2     1      1",
  "ultraFeedback             1        2     2      2",
  "summarizeFromFeedback     2        2     2      2",
  "",
  "Left out, by rule",
  "  hhRlhf: unlikePrompts 1",
  "  shp: contradicted 1",
  "  ultraFeedback: ties 1, unscored 3",
  ""
]

it("prefloop data mix says what became of every row, by source and rule, and writes the data set once", async () => {
  const out = join(root, "mix1")
  const args = ["data", "mix", "pipelines/mix1.tiny.yaml", "--out", out]
  const first = await said(args)
  assert.deepStrictEqual([first.code, first.stderr], [0, ""])
  assert.deepStrictEqual(first.stdout.split("\n").slice(0, lines.length), lines)
  assert.match(first.stdout, /^6 mixed, 6 kept, 6 written: \d train, \d validation\nWrote "[^"]+mix1"\n$/m)
  assert.deepStrictEqual(readdirSync(out).toSorted(), ["README.md", "data", "data-mix.json", "json"])
  const before = bytesOf(out)
  const again = await said([...args, "--json"])
  assert.deepStrictEqual([again.code, again.stderr], [0, ""])
  const { made, name, rows }: Record<string, unknown> = JSON.parse(again.stdout)
  assert.deepStrictEqual({ made, name, rows }, { made: false, name: "mix1-tiny", rows: 6 })
  assert.deepStrictEqual(bytesOf(out), before)
})

it("prefloop data mix --dry-run and prefloop check say what would be done, and do nothing", async () => {
  const plan = [
    '"p" is in order: prompts of 1 source, seed 0',
    '  dibt10k from "hf:DIBT/10k_prompts_ranked": exactDuplicates {"by":"prompt"}; the drawn 7 records, weight 2',
    "mixed (goOn), then no rules; shuffled; split by prompt: train 1",
    'written to "runs/p": parquet, jsonLines, columns all'
  ]
  const path = join(root, "p.yaml")
  writeFileSync(path, "name: p\nkind: prompts\nsources: [{ dataset: dibt10k, take: 7, pick: random, weight: 2 }]\n")
  const dry = await said(["data", "mix", path, "--dry-run"])
  assert.deepStrictEqual([dry.stderr, dry.stdout], ["", `${plan.join("\n")}\n`])
  assert.deepStrictEqual(await said(["check", path]), dry)
  assert.isFalse(existsSync("runs/p"))
})

const program = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

/** Runs the command in a process that is killed as soon as a path is there; says whether it was. */
const killedAt = (args: ReadonlyArray<string>, path: string) =>
  new Promise<boolean>((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: "ignore" })
    const watch = setInterval(() => existsSync(path) && child.kill("SIGKILL"), 1)
    child.on("close", (_, signal) => {
      clearInterval(watch)
      resolve(signal === "SIGKILL")
    })
  })

/** What is there when a run is killed, and what the next one says: while rows are mixed, and when all of them are. */
const kills = [
  ["rows", ""],
  ["mixed.json", "Goes on with the 5000 rows that an earlier run mixed\n"]
] as const

it.each(kills)(
  "prefloop data mix killed at %s leaves nothing under the name, and the same command gives the bytes of an unbroken one",
  async (name, wentOn) => {
    const source = join(root, "many.jsonl")
    writeFileSync(source, Array.from({ length: 5000 }, (_, i) => `{"prompt":"ask ${i} ${"x".repeat(200)}"}\n`).join(""))
    const text = `name: many\nkind: prompts\nsources: [{ path: ${source} }]\nsplit: { shares: { train: 9, test: 1 } }\n`
    const path = join(root, "many.yaml")
    writeFileSync(path, text)
    const [whole, broken] = [join(root, `whole-${name}`), join(root, `broken-${name}`)]
    assert.strictEqual((await said(["data", "mix", path, "--out", whole])).code, 0)
    const args = ["data", "mix", path, "--out", broken]
    assert.isTrue(await killedAt(args, join(`${broken}.work`, name)))
    assert.isFalse(existsSync(broken))
    const again = await said(args)
    assert.deepStrictEqual([again.code, again.stderr], [0, wentOn])
    assert.deepStrictEqual(bytesOf(broken), bytesOf(whole))
    assert.deepStrictEqual(
      readdirSync(root).filter((file) => /\.(work|tmp)$/.test(file)),
      []
    )
  }
)

const wrong = [
  [["data", "mix", "nowhere.yaml"], 'Cannot read "nowhere.yaml": found no such file, wanted a mixture file in YAML'],
  [
    ["data", "mix", "pipelines/mix1.tiny.yaml", "--set", "sede=1"],
    '--set sede=1 unknown name "sede", did you mean "seed"?'
  ],
  [
    ["data", "mix", "pipelines/mix1.tiny.yaml", "--set", "data=nowhere"],
    'sources.0.path: found no "nowhere/hhRlhf.jsonl", wanted a file or folder'
  ],
  [
    [
      "data",
      "mix",
      "pipelines/mix1.tiny.yaml",
      "--set",
      "sources.0.path=fixtures/dataset/shp.jsonl",
      "--out",
      join(root, "none")
    ],
    "line 1 is no row of data set"
  ],
  [["data", "mix", "pipelines/mix1.tiny.yaml", "--out", "src"], 'Cannot use the run folder "src": found other files']
] as const

it.each(wrong)("prefloop %j ends with 2 and says what is wrong", async (args, sentence) => {
  const { code, stderr, stdout } = await said(args)
  assert.include(stderr, sentence)
  assert.deepStrictEqual([code, stdout], [2, ""])
})
