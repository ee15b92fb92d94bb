import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, it } from "vitest"
import { bytesOf } from "./bytesOf.ts"
import { command } from "./command.ts"
import { fakeEngine } from "./fakeEngine.ts"
import { realEngine, said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-train-"))
afterAll(() => rmSync(root, { recursive: true }))

const model = "fixtures/model/untied-scaled-sharded"
const file = "pipelines/dpo.train.tiny.yaml"
const pairs = "fixtures/garden/preferences.jsonl"
const talks = "fixtures/garden/demonstrations.jsonl"
const small = ["--limit", "8", "--batch-size", "4", "--micro-batch-size", "2", "--epochs", "1"]

const argsOf = (into: string, ...args: ReadonlyArray<string>) => ["train", ...args, "--into", join(root, into)]

const train = (into: string, ...args: ReadonlyArray<string>) => said(argsOf(into, ...args), { engine: realEngine })

const contents = (name: string): unknown => JSON.parse(readFileSync(join(root, name), "utf8"))

it("prefloop train FILE writes a model, its log, and one line of how it ended; flags and a file give the same bytes", async () => {
  const { code, stderr, stdout } = await command({ program: "main", args: argsOf("file", file) })
  assert.strictEqual(code, 0, stderr)
  assert.match(
    stdout,
    /^Trained ".*\/file" in 8 steps: loss 0\.\d{4}, accuracy [01]\.\d{3}; the log is in ".*\/file\.log"\n$/
  )
  assert.match(
    stderr,
    /^train.data: "[^"]+": preferences, format "records"[^\n]*\nTraining dpo stays within \d+\.\d\d GB, 80 % of the memory that is free; memoryBudget names another limit\nTraining on 16 of 16 examples: 32 sequences of \d+ to \d+ tokens .*\/file\.log\/audit\.json"\n/
  )
  assert.match(stderr, /\ntrain dpo: 8 steps in /)
  assert.deepStrictEqual(readdirSync(root).toSorted(), ["file", "file.log"])
  assert.deepStrictEqual(readdirSync(join(root, "file.log")).toSorted(), [
    "audit.json",
    "metrics.jsonl",
    "training.json"
  ])
  assert.nestedInclude(contents("file.log/audit.json"), { examples: 16, kept: 16 })
  const flags = `--loss dpo --beta 0.1 --model ${model} --data ${pairs} --limit 16 --learning-rate 5e-4 --batch-size 4
    --micro-batch-size 2 --epochs 2 --max-tokens 64 --length-policy truncatePrompt --save-every 100`
  const other = await train("flags", ...flags.split(/\s+/))
  assert.strictEqual(other.code, 0, other.stderr)
  assert.deepStrictEqual(bytesOf(join(root, "flags")), bytesOf(join(root, "file")))
  assert.deepStrictEqual(bytesOf(join(root, "flags.log")), bytesOf(join(root, "file.log")))
})

it("prefloop train --loss sft packs demonstrations and writes an adapter in the layout of PEFT; --json says so", async () => {
  const args = ["--loss", "sft", "--model", model, "--data", talks, "--block-length", "64", "--lora-rank", "2"]
  const more = ["--lora-targets", "q_proj,v_proj", "--rs-lora", "--json", "--tensorboard", "--memory-budget", "1GB"]
  const { code, stderr, stdout } = await train("sft", ...args, ...more, ...small)
  assert.deepStrictEqual([code, stderr], [0, ""])
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line))
  assert.deepInclude(events.at(-1), { event: "results", examples: 8, into: join(root, "sft") })
  assert.includeMembers(readdirSync(join(root, "sft")), ["adapter_config.json", "adapter_model.safetensors"])
  assert.deepInclude(contents("sft/adapter_config.json"), {
    r: 2,
    use_rslora: true,
    target_modules: ["q_proj", "v_proj"]
  })
  assert.deepStrictEqual(readdirSync(join(root, "sft.log/tensorboard")), ["sft"])
})

it("prefloop train --loss bradleyTerry measures held-out pairs and keeps the best", async () => {
  const args = ["--loss", "bradleyTerry", "--model", model, "--data", pairs, "--learning-rate", "1e-3"]
  const held = ["--held-out", pairs, "--evaluate-every", "1", "--patience", "1"]
  const limited = ["--set", `heldOut.data.limit=4`]
  const { code, stderr, stdout } = await train("reward", ...args, ...held, ...limited, ...small)
  assert.strictEqual(code, 0, stderr)
  assert.match(stdout, /best held-out loss \d\.\d{4} at step [12], which is kept/)
  assert.nestedProperty(contents("reward/config.json"), "num_labels")
})

const base = ["--model", model, "--data", pairs]
const refusals = [
  [["--loss", "dpoo", ...base, "--loss-options", "{}"], '--loss train.loss.dpoo: unknown key, did you mean "dpo"'],
  [
    ["--loss", "ipo", ...base, "--loss-options", '{"labelSmoothing": 0.1}'],
    "--loss-options train.loss.ipo.labelSmoothing: unknown key, known: klCoefficient"
  ],
  [
    ["--loss", "dpo", ...base, "--beta", "-1"],
    "--kl-coefficient train.loss.dpo.klCoefficient: expected a value greater than 0"
  ],
  [["--loss", "dpo", "--model", model], "Cannot train: found no training file and no --data, wanted a file"],
  [["--loss", "dpo", ...base, "--max-tokens", "10"], 'example "preference-0": Cannot encode'],
  [["--loss", "kto", ...base, "--limit", "8", "--micro-batch-size", "1"], 'the loss "kto" compares examples'],
  [[file, "--memory-budget", "1MB"], "wanted at most 0.00 GB (runtime 0.25 GB"],
  [["nowhere.yaml"], 'Cannot read "nowhere.yaml": found no such file, wanted a training file in YAML']
] as const

it.each(refusals)("prefloop train %j ends with 2 and says what is wrong", async (args, sentence) => {
  const { code, stderr, stdout } = await train("refused", ...args)
  assert.include(stderr, sentence)
  assert.deepStrictEqual([code, stdout], [2, ""])
  assert.notInclude(readdirSync(root), "refused")
})

it("prefloop train --explain predicts the peak memory and writes nothing; what does not fit ends with 2 and names what would help", async () => {
  const fits = await train("explained", file, "--explain", "--json", "--memory-budget", "1GB")
  assert.deepStrictEqual([fits.code, fits.stderr], [0, ""])
  const found: unknown = JSON.parse(fits.stdout)
  // 16 pairs of the file; the budget leaves all 4 layers alone
  assert.deepInclude(found, { event: "explanation", phase: "dpo", examples: 16, budget: 1e9, recomputed: 0, layers: 2 })
  const refused = await train("explained", file, "--explain", "--memory-budget", "1MB")
  assert.strictEqual(refused.code, 2)
  assert.match(
    refused.stdout,
    /^train.data: [^\n]*\npeak memory of dpo, examples up to \d+ tokens {2}refused: a step takes 0\.2\d GB at least/
  )
  assert.match(
    refused.stderr,
    /^Cannot train into ".*": a step takes .* what would help: LoRA .*, a memoryBudget of 0\.2\d GB\n$/
  )
  assert.deepStrictEqual(
    readdirSync(root).filter((name) => name.startsWith("explained")),
    []
  )
})

it("prefloop train with weights that are no numbers ends with 1 and leaves no model", async () => {
  const { code, stderr } = await command({ program: "main", args: argsOf("broken", file, "--learning-rate", "1e30") })
  assert.strictEqual(code, 1)
  assert.match(stderr, /the (loss|gradient norm) of step \d is (NaN|Infinity)/)
  assert.notInclude(readdirSync(root), "broken")
})

/** A training with an engine that has no models, stopped at a step. */
const fake = (into: string, slow: string, signal: NodeJS.Signals = "SIGINT") =>
  command({
    program: "fakeMain",
    args: ["train", file, "--into", into],
    environment: { SLOW: slow },
    stop: { at: `slow: ${slow}`, signal }
  })

it("prefloop train stopped by Ctrl-C ends with 130, says how to continue, and continues to the same bytes", async () => {
  const [into, whole] = [join(root, "stopped"), join(root, "whole")]
  const first = await fake(into, "step 1 of dpo")
  assert.deepStrictEqual([first.code, first.stdout], [130, ""])
  assert.include(
    first.stderr,
    "Interrupted before a state was saved (one is every 2 steps): the same command begins again\n"
  )
  const second = await fake(into, "step 5 of dpo")
  assert.strictEqual(second.code, 130)
  assert.include(second.stderr, `Interrupted: run the same command again to continue from "${into}.state"\n`)
  const killed = await fake(into, "step 7 of dpo", "SIGKILL")
  assert.strictEqual(killed.signal, "SIGKILL")
  const unbroken = { engine: fakeEngine() }
  const last = await said(["train", file, "--into", into], unbroken)
  assert.strictEqual(last.code, 0, last.stderr)
  assert.include(last.stderr, "Training dpo goes on after step 6\n")
  await said(["train", file, "--into", whole], unbroken)
  assert.deepStrictEqual(bytesOf(into), bytesOf(whole))
  assert.deepStrictEqual(bytesOf(`${into}.log`), bytesOf(`${whole}.log`))
})

it("prefloop train does not write over what is there", async () => {
  const into = join(root, "there")
  writeFileSync(into, "mine")
  const { code, stderr } = await said(["train", file, "--into", into])
  assert.strictEqual(code, 2)
  assert.include(stderr, `--into train.into: "${into}" is there already; move or remove it, or name another folder`)
})
