import { Effect, FileSystem, Path } from "effect"
import { configFor } from "../../checkpoint/mod.ts"
import { type FloatType, streamSafetensors } from "../../runtime/mod.ts"
import type { Exporter } from "../Exporter.ts"

const storages: Readonly<Record<string, FloatType>> = { float32: "F32", float16: "F16", bfloat16: "BF16" }

/** A Hugging Face folder of the whole model: what transformers, vLLM and every converter read. */
export const safetensors: Exporter = {
  readers: "transformers, vLLM, SGLang",
  makes: "folder",
  dtypes: Object.keys(storages),
  write: Effect.fnUntraced(function* ({ dtype, onWeight, path, source }) {
    const fs = yield* FileSystem.FileSystem
    const { join } = yield* Path.Path
    const type = storages[dtype] ?? "F32"
    const config = configFor(source.configFile, source.kind, type)
    const texts = { ...source.tokenizer.files, "config.json": `${JSON.stringify(config, undefined, 2)}\n` }
    yield* fs.makeDirectory(path)
    for (const [file, text] of Object.entries(texts)) yield* fs.writeFileString(join(path, file), text)
    const tensors = source.parameters.map(({ name, shape }) => {
      const load = Effect.tap(source.load(name), () => onWeight)
      return [name, { dtype: type, shape, load }] as const
    })
    yield* streamSafetensors(join(path, "model.safetensors"), new Map(tensors), { format: "pt" })
  })
}
