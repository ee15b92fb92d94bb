import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, it } from "vitest"
import { said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-export-"))
afterAll(() => rmSync(root, { recursive: true }))

const model = "fixtures/model/qwen2"
const adapter = "fixtures/training/adapters/causal"

/** A copy of a folder in which one file is rewritten. */
const folderWith = (name: string, from: string, changed: string, change: (text: string) => string): string => {
  const folder = join(root, name)
  cpSync(from, folder, { recursive: true })
  writeFileSync(join(folder, changed), change(readFileSync(join(folder, changed), "utf8")))
  return folder
}

const taken = join(root, "taken.gguf")
writeFileSync(taken, "kept")
const strange = join(root, "strange")
mkdirSync(strange)
writeFileSync(join(strange, "letters.txt"), "kept")
const baseless = folderWith("baseless", adapter, "adapter_config.json", (text) =>
  text.replace("fixtures/model/untied-scaled-sharded", "no/such/base")
)
const dora = folderWith("dora", adapter, "adapter_config.json", (text) =>
  text.replace('"use_rslora": false', '"use_rslora": false, "use_dora": true')
)
const wide = folderWith("wide", adapter, "adapter_config.json", (text) => text.replace('"r": 2', '"r": 3'))
const scaled = folderWith("scaled", model, "config.json", (text) =>
  text.replace(
    /"rope_parameters": \{[^}]*\}/,
    `"rope_parameters": ${JSON.stringify({
      rope_type: "llama3",
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 16
    })}`
  )
)
const lettered = folderWith("lettered", model, "tokenizer.json", (text) =>
  text.replace('"WhitespaceSplit"', '"Whitespace"')
)

const out = (name: string) => join(root, "out", name)
const args = (of: string, format: string, to: string, ...more: ReadonlyArray<string>) =>
  ["export", "--model", of, "--format", format, "--out", to].concat(more)

const refusals: ReadonlyArray<readonly [what: string, args: ReadonlyArray<string>, sentence: string]> = [
  ["a missing model", args("no/such", "gguf", out("a")), 'Cannot open the model "no/such": found no "config.json"'],
  [
    "an unknown format",
    args(model, "ggml", out("a")),
    'found format "ggml", wanted one of "gguf", "onnx", "safetensors"'
  ],
  [
    "an unknown dtype",
    args(model, "gguf", out("a"), "--dtype", "q4_k"),
    'found dtype "q4_k", wanted one of "float32", "float16", "bfloat16", "q8_0"'
  ],
  [
    "a dtype of another format",
    args(model, "onnx", out("a"), "--dtype", "q8_0"),
    'found dtype "q8_0", wanted one of "float32", "float16", "int8"'
  ],
  [
    "an adapter without its base",
    args(baseless, "gguf", out("a")),
    'found no model folder "no/such/base", which adapter_config.json names as the base'
  ],
  [
    "an adapter and a wrong base",
    args(adapter, "gguf", out("a"), "--base", "no/base"),
    'found no model folder "no/base", which the caller names as the base'
  ],
  [
    "an adapter of another shape",
    args(wide, "gguf", out("a")),
    'adapter weight "model.layers.0.self_attn.q_proj.lora_B.weight" has shape [32, 2], wanted shape [32, 3]'
  ],
  ["an adapter of another kind", args(dora, "gguf", out("a")), '"use_dora" of the adapter is true, wanted false'],
  [
    "an adapter on another model",
    args(adapter, "gguf", out("a"), "--base", "fixtures/model/smollm2"),
    "has shape [32, 2], wanted shape"
  ],
  ["a place that is taken", args(model, "gguf", taken), "is already there, wanted a new name, or --overwrite"],
  ["a folder in the place of a file", args(model, "gguf", strange), "is a folder, wanted the name of a file"],
  [
    "a folder of other things",
    args(model, "onnx", strange, "--overwrite"),
    "is a folder that is no model, wanted a model to overwrite"
  ],
  ["the model itself", args(model, "onnx", model, "--overwrite"), "is the model itself, wanted a place of its own"],
  ["a folder around the model", args(model, "onnx", "fixtures", "--overwrite"), "is a folder that holds the model"],
  ["a reward model", args("fixtures/model/reward", "gguf", out("a")), "found a reward model, wanted a causal model"],
  [
    "a config that llama.cpp does not compute",
    args(scaled, "gguf", out("a")),
    'wanted absent, or of "rope_type" "linear", or of "rope_type" "yarn"'
  ],
  [
    "a tokenizer that llama.cpp does not have",
    args(lettered, "gguf", out("a")),
    'words split by ["Whitespace"], wanted "WhitespaceSplit" alone'
  ]
]

it.each(refusals)("prefloop export of %s ends with 2, says why, and leaves nothing", async (_, given, sentence) => {
  const { code, stderr, stdout } = await said(given)
  assert.include(stderr, sentence)
  assert.match(stderr, /^Cannot (export|open) "[^"]+"|^Cannot open the model /m)
  assert.deepStrictEqual([code, stdout, existsSync(out("a")), existsSync(`${out("a")}.tmp`)], [2, "", false, false])
})

it("prefloop export writes what it says, and replaces only what it is told to", async () => {
  assert.deepStrictEqual([readFileSync(taken, "utf8"), readdirSync(strange)], ["kept", ["letters.txt"]])
  const first = await said(args(model, "gguf", taken, "--overwrite", "--dtype", "FP16"))
  const bytes = statSync(taken).size
  assert.strictEqual(first.code, 0, first.stderr)
  assert.strictEqual(
    first.stdout,
    `Wrote "${taken}" (gguf, float16, ${(bytes / 1e6).toFixed(1)} MB) for llama.cpp, Ollama, LM Studio\n`
  )
  assert.match(first.stderr, /^export: 26 weights in \d+ s\n$/)
  const folder = out("folder")
  for (const again of [[], ["--overwrite"]]) {
    const { code, stdout } = await said(args(adapter, "onnx", folder, "--json", ...again))
    const last = JSON.parse(stdout.trim().split("\n").at(-1) ?? "")
    assert.strictEqual(code, 0)
    assert.deepInclude(last, { event: "results", model: adapter, format: "onnx", dtype: "float32", out: folder })
    assert.isTrue(existsSync(join(folder, "onnx/model.onnx")))
  }
  assert.deepStrictEqual(readdirSync(out("")), ["folder"])
})
