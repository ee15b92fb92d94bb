import { Effect, Path, Result } from "effect"
import type { ModelSource } from "../../checkpoint/mod.ts"
import { FamilyUnsupported } from "../errors.ts"
import type { Exporter } from "../Exporter.ts"
import { architectures } from "./architecture/mod.ts"
import { describeModel } from "./describeModel.ts"
import { layoutTensors } from "./layoutTensors.ts"
import { modelName } from "./modelName.ts"
import { storages } from "./tensorTypes.ts"
import { describeTokenizer } from "./tokenizer/describeTokenizer.ts"
import { writeGguf } from "./writeGguf.ts"

/** How the blocks of a quantized file are laid out. */
const quantizationVersion = 2

const describe = ({ config, tokenizer }: ModelSource) =>
  Result.gen(function* () {
    const architecture = Object.hasOwn(architectures, config.model_type)
      ? architectures[config.model_type as keyof typeof architectures] // as: it has just been found there
      : yield* Result.fail(new FamilyUnsupported({ found: config.model_type, known: Object.keys(architectures) }))
    const model = yield* describeModel(config, architecture)
    return { architecture, metadata: { ...model, ...(yield* describeTokenizer(tokenizer, config.vocab_size)) } }
  })

/** One file for llama.cpp, Ollama and what is built on them: weights, tokenizer, chat template and shape. */
export const gguf: Exporter = {
  readers: "llama.cpp, Ollama, LM Studio",
  makes: "file",
  kind: "causal",
  dtypes: Object.keys(storages),
  write: Effect.fnUntraced(function* ({ dtype, onWeight, path, source }) {
    const { basename } = yield* Path.Path
    const { architecture, metadata } = yield* Effect.fromResult(describe(source))
    const { fileType, type } = storages[dtype as keyof typeof storages] // as: exportModel has checked it against dtypes
    yield* writeGguf({
      path,
      tensors: layoutTensors({ source, onWeight }, architecture, type),
      metadata: {
        "general.architecture": { string: architecture.name },
        "general.type": { string: "model" },
        "general.name": { string: modelName(basename(source.folder), source) },
        "general.file_type": { uint32: fileType },
        "general.quantization_version": { uint32: quantizationVersion },
        ...metadata
      }
    })
  })
}
