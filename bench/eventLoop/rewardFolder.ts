import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { readSafetensors, writeSafetensors } from "../../src/runtime/mod.ts"

/** A temporary reward model: a policy's folder with a head that weighs every feature alike. */
export const rewardFolder = Effect.fnUntraced(function* (policy: string) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "prefloop-bench-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true }))
  )
  const trunk = "trunk.safetensors"
  for (const name of readdirSync(policy).filter((each) => each !== "config.json"))
    copyFileSync(join(policy, name), join(folder, name === "model.safetensors" ? trunk : name))
  const config = JSON.parse(readFileSync(join(policy, "config.json"), "utf8"))
  const told = { ...config, architectures: ["LlamaForSequenceClassification"], id2label: { 0: "LABEL_0" } }
  writeFileSync(join(folder, "config.json"), JSON.stringify(told))
  const head = {
    dtype: "F32" as const,
    shape: [1, config.hidden_size],
    data: new Float32Array(config.hidden_size).fill(1)
  }
  yield* writeSafetensors(join(folder, "head.safetensors"), { "score.weight": head }, { format: "pt" })
  const { entries } = yield* readSafetensors(join(folder, trunk))
  const weight_map = Object.fromEntries([...entries.keys()].map((name) => [name, trunk]))
  const index = { metadata: {}, weight_map: { ...weight_map, "score.weight": "head.safetensors" } }
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify(index))
  return folder
})
