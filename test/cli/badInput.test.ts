import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, it } from "vitest"
import { smallPipeline } from "../pipeline/small.ts"
import { command } from "./command.ts"
import { realEngine, said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-bad-"))
afterAll(() => rmSync(root, { recursive: true }))

const file = (name: string, text: string): string => {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}

const given = "fixtures/model/tied-bias-bfloat16"

/** A copy of a given model in which one file is rewritten. */
const modelWith = (name: string, changed: string, change: (text: string) => string): string => {
  const folder = join(root, name)
  cpSync(given, folder, { recursive: true })
  const path = join(folder, changed)
  writeFileSync(path, change(readFileSync(path, "latin1")), "latin1")
  return folder
}

const withPolicy = (folder: string) => smallPipeline.replace(/policy:\n[^]*?reward:/, `policy: ${folder}\n  reward:`)
const withPrompts = (path: string) => smallPipeline.replace("fixtures/garden/prompts.jsonl", path)

const truncated = modelWith("truncated", "model.safetensors", (text) => text.slice(0, -100))
const integers = modelWith("integers", "model.safetensors", (text) => text.replaceAll('"BF16"', '"I16" '))
const reshaped = modelWith("reshaped", "config.json", (text) =>
  text.replace(/"intermediate_size": (\d+)/, (_, size) => `"intermediate_size": ${2 * Number(size)}`)
)
const unknown = modelWith("unknown", "config.json", (text) => text.replace('"llama"', '"mamba"'))
const speechless = modelWith("speechless", "tokenizer_config.json", (text) => {
  const { chat_template: _, ...rest } = JSON.parse(text)
  return JSON.stringify(rest)
})

const prompt = (content: string) => JSON.stringify({ promptId: "p", messages: [{ role: "user", content }] })
const halfLine = file("half.jsonl", `${prompt("name two things")}\n{"promptId":`)
const longPrompt = file("long.jsonl", prompt("name three words about the sea ".repeat(20)))
const silent = file("silent.jsonl", `{"response":" ",${prompt("name two things").slice(1)}`)

const inputs: ReadonlyArray<readonly [what: string, pipeline: string, ...parts: ReadonlyArray<string>]> = [
  [
    "a missing checkpoint",
    withPolicy("no/such"),
    '4:3 models.policy: found no folder "no/such"',
    "wanted a Hugging Face"
  ],
  ["a truncated checkpoint", withPolicy(truncated), "4:3 models.policy:", `${truncated}/model.safetensors`, "bytes"],
  ["a wrong dtype", withPolicy(integers), "4:3 models.policy:", "is stored as I16, wanted F32, F16 or BF16"],
  [
    "a tensor of the wrong shape",
    withPolicy(reshaped),
    "4:3 models.policy:",
    "has shape [",
    "wanted [",
    "by config.json"
  ],
  ["a config of an unknown model_type", withPolicy(unknown), '"model_type" is "mamba", wanted one of "llama"'],
  [
    "a missing chat template",
    withPolicy(speechless),
    `found no chat template in "${speechless}", wanted "chat_template"`
  ],
  ["invalid YAML", smallPipeline.replace("iterations: 2", "iterations: [2"), "3:1 is not YAML: Flow sequence"],
  [
    "an unknown key",
    smallPipeline.replace("epochs", "epoch"),
    "15:24 train.epoch: unknown key, did you mean",
    '"epochs"'
  ],
  [
    "stages in a wrong order",
    smallPipeline.replace("  - score: {}\n  - pair: {}\n", "  - pair: {}\n  - score: {}\n"),
    'stage 2 "pair" needs column "rewards", stage 1 "sample" gives'
  ],
  [
    "a JSON line that is not JSON",
    withPrompts(halfLine),
    `"${halfLine}": line 2, character 13: found the end`,
    "wanted a value"
  ],
  [
    "an empty response to imitate",
    smallPipeline.replace("fixtures/garden/demonstrations.jsonl", silent),
    `"${silent}": line 1 is not a row of format "records": response: Expected a text that is not empty`
  ],
  ["a prompt longer than the context", withPrompts(longPrompt), 'prompt "p":', "64 tokens of context less 8"]
]

it.each(inputs)(
  "prefloop run with %s ends with 2, says where, and begins nothing",
  async (what, pipeline, ...parts) => {
    const out = join(root, `run of ${what}`)
    const { code, stderr, stdout } = await said(["run", file(`${what}.yaml`, pipeline), "--out", out])
    for (const part of parts) assert.include(stderr, part)
    assert.match(stderr, /^Cannot (read|compile|check) "[^"]+": /)
    assert.deepStrictEqual([code, stdout, existsSync(out)], [2, "", false])
  }
)

it("prefloop run with a loss that is no number ends with 1, keeps what was made, and continues when it is corrected", async () => {
  const pipeline = file("loss.yaml", smallPipeline)
  const out = join(root, "loss")
  const args = [
    "run",
    pipeline,
    "--threads",
    "1",
    "--out",
    out,
    "--set",
    "iterations=1",
    "--set",
    "models.policy.sft.epochs=2"
  ]
  const rate = ["--set", "models.policy.sft.optimizer.adamW.learningRate=1e30"]
  const stopped = await command({ program: "main", args: [...args, ...rate] })
  assert.match(
    stopped.stderr,
    /^Cannot run "small": Cannot train from "[^"]*\/models\/random": the (loss|gradient norm) of step \d is NaN; lower the learning rate[^\n]*\n$/m
  )
  assert.deepStrictEqual(
    [stopped.code, stopped.stdout, existsSync(join(out, "models/random")), existsSync(join(out, "models/sft"))],
    [1, "", true, false]
  )
  const again = await said(args, { engine: realEngine })
  assert.strictEqual(again.code, 0, again.stderr)
  assert.include(again.stderr, `Continuing in "${out}"`)
  assert.isTrue(existsSync(join(out, "models/sft/model.safetensors")))
})
