import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { gunzipSync } from "node:zlib"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import type { Metrics, Preference } from "../schemas/mod.ts"
import { chooseLoss } from "../src/loss/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { train } from "../src/training/mod.ts"
import { peakMemory } from "./measure.ts"

const usage = `Usage: npm run bench -- trl MODEL PREFERENCES.jsonl[.gz] [--steps 8] [--batch 4] [--max-length 512] [--lr 5e-7] [--beta 0.1] [--threads 2] [--peer "python trl_dpo.py"]

Trains as a DPOTrainer script with the same arguments does: the order of the file, a constant rate, AdamW without decay, no
clipping, responses cut at the limit, what the template prints after the end token learned too. With --peer that script runs
afterwards, and the differences are printed.`

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    steps: { type: "string", default: "8" },
    batch: { type: "string", default: "4" },
    "max-length": { type: "string", default: "512" },
    lr: { type: "string", default: "5e-7" },
    beta: { type: "string", default: "0.1" },
    threads: { type: "string", default: "2" },
    peer: { type: "string" },
    json: { type: "boolean", default: false }
  }
})
const [model = "", data = ""] = positionals
if (data === "") {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}
const steps = Number(values.steps)
const batch = Number(values.batch)

type Step = Readonly<Record<string, number>>

const rows = (): ReadonlyArray<Preference> => {
  const bytes = readFileSync(data)
  const text = (data.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")
  return text
    .split("\n")
    .slice(0, steps * batch)
    .map((line, i) => {
      const { prompt, chosen, rejected } = JSON.parse(line) as Readonly<Record<string, string>> // as: the format of the peer
      return {
        promptId: `line ${i + 1}`,
        messages: [{ role: "user" as const, content: prompt ?? "" }],
        chosen: chosen ?? "",
        rejected: rejected ?? "",
        margin: 0
      }
    })
}

const keys = ["loss", "grad_norm", "logps/chosen", "logps/rejected", "rewards/margins"] as const

/** The largest difference of each measure: absolute for what is near zero, relative for the others. */
const differences = (ours: ReadonlyArray<Step>, theirs: ReadonlyArray<Step>) =>
  Object.fromEntries(
    keys.map((key) => {
      const relative = key === "grad_norm" || key.startsWith("logps")
      const all = ours.map((step, i) => {
        const [a = Number.NaN, b = Number.NaN] = [step[key], theirs[i]?.[key]]
        return Math.abs(a - b) / (relative ? Math.abs(b) : 1)
      })
      return [`${key} ${relative ? "(relative)" : "(absolute)"}`, Math.max(...all)]
    })
  )

const runPeer = (command: string) => {
  const [program = "", ...script] = command.split(" ")
  const options = ["steps", "batch", "max-length", "lr", "beta", "threads"] as const
  const args = [...script, model, data, ...options.flatMap((name) => [`--${name}`, values[name]])]
  const run = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 })
  const lines = run.stdout.split("\n").filter((line) => line.startsWith('{"'))
  if (lines.length === 0) throw new Error(`The peer printed nothing: ${run.stderr.slice(-2000)}`)
  const found = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
  // as: the peer prints numbers, some of them as text
  const numbers = found.map((line) =>
    Object.fromEntries(Object.entries(line).map(([key, value]) => [key, Number(value)]))
  )
  return { steps: numbers.slice(0, -1), summary: numbers.at(-1) ?? {} }
}

const main = Effect.gen(function* () {
  const folder = mkdtempSync(join(tmpdir(), "prefloop-trl-"))
  const found: Array<Step> = []
  const examples = rows()
  const started = performance.now()
  const { dropped } = yield* train({
    objective: chooseLoss("dpo", { klCoefficient: Number(values.beta) }),
    from: model,
    reference: model,
    examples,
    into: join(folder, "trained"),
    optimizer: {
      adamW: { learningRate: Number(values.lr), beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }
    },
    schedule: { constant: { warmup: 0 } },
    maxGradientNorm: Number.POSITIVE_INFINITY,
    batchSize: batch,
    microBatchSize: batch,
    epochs: 2,
    maxSteps: steps,
    order: "data",
    maxTokens: Number(values["max-length"]),
    lengthPolicy: "truncateResponse",
    afterEnd: "learn",
    seed: 0,
    phase: "trl",
    onStep: (metrics: Metrics) =>
      Effect.sync(() => {
        const { phase: _, ...numbers } = metrics
        found.push(numbers)
        if (values.json) console.log(JSON.stringify(numbers))
      })
  })
  const seconds = (performance.now() - started) / 1000
  rmSync(folder, { recursive: true, force: true })
  const ours = {
    pairs: steps * batch,
    seconds,
    "pairs/s": (steps * batch) / seconds,
    "peak RSS MB": peakMemory(),
    dropped: JSON.stringify(dropped)
  }
  const peer = values.peer === undefined ? undefined : runPeer(values.peer)
  const theirs = peer && {
    seconds: (peer.summary["setup_seconds"] ?? 0) + (peer.summary["train_seconds"] ?? 0),
    "pairs/s": peer.summary["pairs_per_second"],
    "peak RSS MB": peer.summary["peak_rss_mb"]
  }
  const compared = peer &&
    theirs && {
      differences: differences(found, peer.steps),
      "times the peer's pairs/s": ours["pairs/s"] / (theirs["pairs/s"] ?? Number.NaN)
    }
  if (values.json) return console.log(JSON.stringify({ ours, theirs, ...compared }))
  console.table(
    found.map((step, i) => ({
      loss: step["loss"],
      "peer's loss": peer?.steps[i]?.["loss"],
      grad_norm: step["grad_norm"],
      "logps/chosen": step["logps/chosen"],
      "logps/rejected": step["logps/rejected"]
    }))
  )
  console.table({ ours, ...(theirs ? { theirs } : {}) })
  if (compared)
    console.table({ ...compared.differences, "times the peer's pairs/s": compared["times the peer's pairs/s"] })
})

main.pipe(
  Effect.provide(OnnxRuntime.layer({ threads: Number(values.threads) }).pipe(Layer.provideMerge(NodeServices.layer))),
  NodeRuntime.runMain
)
