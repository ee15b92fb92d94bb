import { Effect, FileSystem, Path } from "effect"
import { type FloatType, writeSafetensors } from "../runtime/mod.ts"
import type { Kind } from "./Checkpoint.ts"
import { CheckpointError, NotWritten } from "./errors.ts"

const architectureSuffix = { causal: "ForCausalLM", reward: "ForSequenceClassification" } as const
const dtypeNames = { F32: "float32", F16: "float16", BF16: "bfloat16" } as const

/** `config.json` as transformers writes it for a model of this kind. */
const configFor = (
  configFile: Readonly<Record<string, unknown>>,
  kind: Kind,
  type: FloatType
): Readonly<Record<string, unknown>> => {
  const { torch_dtype: _, ...kept } = configFile
  const found = Array.isArray(kept["architectures"]) ? String(kept["architectures"][0]) : "LlamaForCausalLM"
  const base = found.replace(/For(CausalLM|SequenceClassification)$/, "")
  const head = kind === "reward" ? { num_labels: 1, id2label: { 0: "LABEL_0" }, label2id: { LABEL_0: 0 } } : {}
  return { ...kept, architectures: [`${base}${architectureSuffix[kind]}`], dtype: dtypeNames[type], ...head }
}

/**
 * Writes a model folder that transformers loads unchanged; the folder appears only when it is complete.
 *
 * Fails    CheckpointError: NotWritten; RuntimeError.
 */
export const writeCheckpoint = Effect.fn("writeCheckpoint")(function* (options: {
  readonly into: string
  readonly kind: Kind
  readonly configFile: Readonly<Record<string, unknown>>
  readonly files: Readonly<Record<string, string>>
  readonly weights: ReadonlyMap<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>
  readonly type?: FloatType
}) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { into, kind, weights } = options
  const type = options.type ?? "F32"
  const unfinished = `${into}.tmp`
  const write = Effect.gen(function* () {
    yield* fs.remove(unfinished, { recursive: true, force: true })
    yield* fs.makeDirectory(unfinished, { recursive: true })
    const config = configFor(options.configFile, kind, type)
    yield* fs.writeFileString(path.join(unfinished, "config.json"), `${JSON.stringify(config, undefined, 2)}\n`)
    yield* Effect.forEach(Object.entries(options.files), ([file, text]) =>
      fs.writeFileString(path.join(unfinished, file), text)
    )
    const tensors = Object.fromEntries(
      [...weights].map(([name, { shape, data }]) => [name, { dtype: type, shape, data }])
    )
    yield* writeSafetensors(path.join(unfinished, "model.safetensors"), tensors, { format: "pt" })
    yield* fs.remove(into, { recursive: true, force: true })
    yield* fs.rename(unfinished, into)
  })
  yield* write.pipe(
    Effect.catchTag("PlatformError", (error) =>
      Effect.fail(
        new CheckpointError({
          action: "write",
          folder: into,
          reason: new NotWritten({ detail: error.message, cause: error })
        })
      )
    ),
    Effect.onError(() => Effect.ignore(fs.remove(unfinished, { recursive: true, force: true })))
  )
  return into
})
