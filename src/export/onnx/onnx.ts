import { Effect, FileSystem, Path } from "effect"
import type { ModelSource } from "../../checkpoint/mod.ts"
import type { Exporter } from "../Exporter.ts"
import { storages } from "./storages.ts"
import type { Storage } from "./Storage.ts"
import { largestFile, writeModel } from "./writeModel.ts"

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

const parsed = (text: string | undefined): Readonly<Record<string, unknown>> =>
  JSON.parse(text ?? "{}") as Readonly<Record<string, unknown>> // as: the tokenizer has decoded it as an object

/** What transformers.js reads beside the model; what other files leave to a default is said here. */
const textsOf = ({ config, configFile, tokenizer }: ModelSource, storage: Storage, apart: boolean) => {
  const { files, eosIds, bosId, padId } = tokenizer
  const [end] = eosIds
  const template = tokenizer.chatTemplate
  return {
    ...files,
    "config.json": json({
      ...configFile,
      head_dim: config.head_dim,
      num_key_value_heads: config.num_key_value_heads,
      "transformers.js_config": {
        dtype: storage.dtype,
        ...(apart ? { use_external_data_format: { [`${storage.file}.onnx`]: 1 } } : {})
      }
    }),
    "tokenizer_config.json": json({
      tokenizer_class: "PreTrainedTokenizerFast",
      ...parsed(files["tokenizer_config.json"]),
      ...(template === undefined ? {} : { chat_template: template })
    }),
    "generation_config.json":
      files["generation_config.json"] ??
      json({ bos_token_id: bosId, eos_token_id: eosIds.length > 1 ? eosIds : end, pad_token_id: padId })
  }
}

/** A folder for transformers.js, in a browser or in Node: `onnx/model.onnx` with what its tokenizer and configs say. */
export const onnxWithin = (largest: number): Exporter => ({
  readers: "transformers.js, onnxruntime-web, ONNX Runtime",
  makes: "folder",
  kind: "causal",
  dtypes: Object.keys(storages),
  write: Effect.fnUntraced(function* ({ dtype, onWeight, path, source }) {
    const fs = yield* FileSystem.FileSystem
    const { join } = yield* Path.Path
    const storage = storages[dtype as keyof typeof storages] // as: exportModel has checked it against dtypes
    yield* fs.makeDirectory(join(path, "onnx"), { recursive: true })
    const { apart } = yield* writeModel({
      source,
      storage,
      largest,
      onWeight,
      path: join(path, "onnx", `${storage.file}.onnx`)
    })
    for (const [file, text] of Object.entries(textsOf(source, storage, apart)))
      yield* fs.writeFileString(join(path, file), text)
  })
})

/** One file where protocol buffers can hold the model, else two. */
export const onnx: Exporter = onnxWithin(largestFile)
