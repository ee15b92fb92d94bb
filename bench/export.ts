/**
 * Exports read by other programs: greedy tokens of llama.cpp, transformers.js and ONNX Runtime in WebAssembly against ours, for
 * every type that weights are stored in. The programs are a package of their own: `npm install --prefix bench/readers`.
 *
 * ```sh
 * npm run bench -- export [MODEL…] [--tokens 48] [--json]
 * ```
 */
import { existsSync } from "node:fs"
import { basename } from "node:path"
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { openShape } from "../src/checkpoint/mod.ts"
import { exports } from "../src/export/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { renderChat } from "../src/text/mod.ts"
import { compare, isInstalled, type Reader, readers } from "./readers/compare.ts"

const usual = ["fixtures/model/tied-bias-bfloat16", "../shared/models/minimind2-small"]

const questions = [
  "name two things from the sea",
  "Why is the sky blue?",
  "你好，请介绍一下你自己。",
  "Write a list of three animals, and say what each of them eats."
]

const { positionals, values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { tokens: { type: "string", default: "48" }, json: { type: "boolean", default: false } }
})
const models = positionals.length > 0 ? positionals : usual.filter((model) => existsSync(model))
const names = Object.keys(readers) as ReadonlyArray<Reader> // as: the keys of a literal
const installed = names.filter(isInstalled)

const rowsOf = Effect.fnUntraced(function* (model: string) {
  const { config, tokenizer } = yield* openShape(model)
  const texts = yield* Effect.forEach(questions, (content) =>
    Effect.fromResult(renderChat(tokenizer, [{ role: "user", content }], { addGenerationPrompt: true }))
  )
  const longest = Math.max(...texts.map((text) => tokenizer.encode(text).length))
  const maxNewTokens = Math.min(Number(values.tokens), config.max_position_embeddings - longest)
  const asked = installed.flatMap((reader) =>
    exports[readers[reader].format].dtypes.map((dtype) => ({ reader, dtype, model, texts, maxNewTokens }))
  )
  return yield* Effect.forEach(asked, (options) =>
    Effect.map(compare(options), ({ alike, encodedAlike, prompts, same, tokens }) => ({
      benchmark: "export",
      model: basename(model),
      reader: options.reader,
      dtype: options.dtype,
      "prompts encoded alike": encodedAlike === undefined ? "-" : `${encodedAlike} of ${prompts}`,
      "answers alike": `${same} of ${prompts}`,
      "tokens before the first that differs": `${alike} of ${tokens}`
    }))
  )
})

if (installed.length === 0) {
  process.stderr.write('Cannot compare: found no reader, wanted "npm install --prefix bench/readers" first\n')
  process.exitCode = 2
} else {
  Effect.forEach(models, rowsOf).pipe(
    Effect.tap((tables) =>
      Effect.sync(() => {
        const rows = tables.flat()
        if (values.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
        else console.table(rows)
      })
    ),
    Effect.provide(OnnxRuntime.layer({ threads: 2 }).pipe(Layer.provideMerge(NodeServices.layer))),
    Effect.scoped,
    NodeRuntime.runMain
  )
}
