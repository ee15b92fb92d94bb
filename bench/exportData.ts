/**
 * A data set that we exported, read by `datasets` and TRL: whole rows, the columns their trainer prepares, one step of DPO.
 *
 * ```sh
 * npm run bench -- exportData MODEL --python python3 [--json]
 * ```
 */
import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { isDeepStrictEqual, parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { Comparison } from "../schemas/mod.ts"
import { fromRows } from "../src/arrow/mod.ts"
import { exportDataset } from "../src/dataset/mod.ts"

const { positionals, values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { python: { type: "string" }, json: { type: "boolean", default: false } }
})
const [model = ""] = positionals

/** Rows with characters of two, three and four bytes, one system message, and scores on all but the first. */
const rows = Array.from({ length: 5 }, (_, i): Comparison => ({
  promptId: `p${i}`,
  messages: [
    ...(i === 1 ? [{ role: "system" as const, content: "short" }] : []),
    { role: "user", content: `é 你 😀 ${i}` }
  ],
  chosen: `yes ${i}`,
  rejected: "no",
  margin: i,
  ...(i === 0 ? {} : { chosenScore: i, rejectedScore: 0, dataset: "made" })
}))

const impossible: Comparison = { promptId: "none", messages: [], chosen: "", rejected: "", margin: 0 }

const said = (content: string) => [{ role: "assistant", content }]

/** The row that a reader has to find for a record: what is absent is null. */
const rowOf = ({ chosen, chosenScore, dataset, margin, messages, promptId, rejected, rejectedScore }: Comparison) => ({
  prompt: messages,
  chosen: said(chosen),
  rejected: said(rejected),
  score_chosen: chosenScore ?? null,
  score_rejected: rejectedScore ?? null,
  promptId,
  margin,
  fromReference: null,
  dataset: dataset ?? null,
  source: null,
  annotator: null,
  contradicted: null
})

const Answer = Schema.fromJsonString(
  Schema.Struct({
    all: Schema.Unknown,
    extracted: Schema.Unknown,
    conversational: Schema.Boolean,
    prepared: Schema.Array(Schema.String),
    texts: Schema.Unknown,
    loss: Schema.Finite
  })
)

const read = Effect.gen(function* () {
  const folder = join(yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped(), "made")
  const batch = (from: number, to: number) => Stream.succeed(fromRows(Comparison, rows.slice(from, to)))
  yield* exportDataset({
    kind: "preferences",
    splits: { train: batch(0, 4), test: batch(4, 5) },
    folder,
    card: { title: "Made", licence: "cc0-1.0", languages: ["en"], sources: [] },
    columns: "all",
    formats: ["parquet", "jsonLines"],
    rowsPerGroup: 1,
    rowsPerShard: 2
  })
  const script = join(import.meta.dirname, "readers/loadDataset.py")
  const output = execFileSync(values.python ?? "", [script, folder, model], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"]
  })
  const answer = yield* Effect.orDie(Schema.decodeUnknownEffect(Answer)(output.trimEnd().split("\n").at(-1)))
  const wanted = { train: rows.slice(0, 4).map(rowOf), test: rows.slice(4).map(rowOf) }
  const { chosen, prompt, rejected } = rowOf(rows[0] ?? impossible)
  const table = {
    benchmark: "exportData",
    "rows alike": isDeepStrictEqual(answer.all, wanted),
    "prompt extracted alike": isDeepStrictEqual(answer.extracted, { prompt, chosen, rejected }),
    conversational: answer.conversational,
    "tokens of": answer.prepared.filter((name) => name.endsWith("_ids")).join(" "),
    "loss of the first step (nats)": Number(answer.loss.toPrecision(4))
  }
  if (values.json) process.stdout.write(`${JSON.stringify(table)}\n`)
  else process.stdout.write(`${JSON.stringify({ ...table, texts: answer.texts }, undefined, 2)}\n`)
})

if (model === "" || values.python === undefined) {
  process.stderr.write('Cannot compare: found no model or no --python, wanted a Python with "datasets" and "trl"\n')
  process.exitCode = 2
} else {
  read.pipe(Effect.scoped, Effect.provide(NodeServices.layer), NodeRuntime.runMain)
}
