import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { Effect, FileSystem, Schema } from "effect"
import { openCheckpoint, openSource } from "../../src/checkpoint/mod.ts"
import { exportModel, exports, planExport } from "../../src/export/mod.ts"
import { key } from "../../src/random/mod.ts"
import { openRollout } from "../../src/sampler/mod.ts"

/** Programs that read an export: which script runs them, what they read, and the package by which they are known to be there. */
export const readers = {
  llamaCpp: { format: "gguf", packageName: "node-llama-cpp" },
  transformersJs: { format: "onnx", packageName: "@huggingface/transformers" },
  onnxruntimeWeb: { format: "onnx", packageName: "onnxruntime-web" }
} as const satisfies Record<string, { readonly format: keyof typeof exports; readonly packageName: string }>

export type Reader = keyof typeof readers

/** Whether `npm install` has been run in this folder. */
export const isInstalled = (reader: Reader): boolean =>
  existsSync(join(import.meta.dirname, "node_modules", readers[reader].packageName))

const Ids = Schema.Array(Schema.Array(Schema.Int))
const Answer = Schema.fromJsonString(
  Schema.Struct({ ids: Ids, encoded: Schema.optionalKey(Ids), template: Schema.optionalKey(Schema.String) })
)

/** What a reader says to a question, in a process of its own. */
const ask = async (reader: Reader, question: object): Promise<string> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${reader}.mjs`)], { stdio: "pipe" })
  child.stdin.end(JSON.stringify(question))
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (said === "") throw new Error(`${reader} ended without an answer: ${complained}`)
  return said
}

/** Greedy tokens of our own engine, the end token included. */
const greedy = Effect.fnUntraced(function* (model: string, prompts: ReadonlyArray<Int32Array>, maxNewTokens: number) {
  const { draw } = yield* openRollout(model, { slots: prompts.length })
  const drawn = yield* draw(prompts.map((ids) => ({ ids, key: key(0), temperature: 0, maxNewTokens })))
  return drawn.map(({ ids }) => ids)
}, Effect.scoped)

/** The tokens that two answers begin with alike. */
const common = (ours: ReadonlyArray<number>, theirs: ReadonlyArray<number>): number => {
  const first = ours.findIndex((id, i) => id !== theirs[i])
  return first < 0 ? ours.length : first
}

/** How a reader's answers compare with ours. Units: tokens. */
export interface Comparison {
  readonly prompts: number
  /** Prompts that the reader's tokenizer encodes as ours; absent where it has none. */
  readonly encodedAlike: number | undefined
  /** Whether the reader finds the chat template of the model; absent where it looks for none. */
  readonly sameTemplate: boolean | undefined
  readonly tokens: number
  /** Tokens before the first that differs, of all answers. */
  readonly alike: number
  /** Answers of the same length that are alike to the end. */
  readonly same: number
}

/**
 * Exports a model and asks a reader for the greedy continuation of texts, and our own engine for the same.
 *
 * Fails    ExportError, CheckpointError, ModelError, TextError, RuntimeError; a defect where the reader does not answer.
 */
export const compare = Effect.fn("compare")(function* (options: {
  readonly model: string
  readonly reader: Reader
  readonly dtype: string
  readonly texts: ReadonlyArray<string>
  readonly maxNewTokens: number
}) {
  const { dtype, maxNewTokens, model, reader, texts } = options
  const fs = yield* FileSystem.FileSystem
  const { format } = readers[reader]
  const into = join(yield* fs.makeTempDirectoryScoped(), format === "gguf" ? "model.gguf" : "model")
  yield* exportModel(yield* planExport(exports)({ model, format, dtype, into }), yield* openSource(model))
  const checkpoint = yield* openCheckpoint(model, "causal")
  const { chatTemplate, encode, eosIds } = checkpoint.tokenizer
  const prompts = texts.map(encode)
  const ours = yield* greedy(model, prompts, maxNewTokens)
  const question = { model: into, prompts: prompts.map((ids) => Array.from(ids)), maxNewTokens, ends: eosIds, texts }
  const answer = yield* Effect.promise(() => ask(reader, question))
  const { encoded, ids, template } = yield* Effect.orDie(Schema.decodeUnknownEffect(Answer)(answer))
  const alike = ours.map((each, i) => common(each, ids[i] ?? []))
  return {
    prompts: texts.length,
    encodedAlike: encoded?.filter((each, i) => each.join() === prompts[i]?.join()).length,
    sameTemplate: template === undefined ? undefined : template === chatTemplate,
    tokens: ours.reduce((sum, { length }) => sum + length, 0),
    alike: alike.reduce((sum, length) => sum + length, 0),
    same: ours.filter((each, i) => each.join() === ids[i]?.join()).length
  } satisfies Comparison as Comparison
}, Effect.scoped)
