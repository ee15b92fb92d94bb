import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { engine, json, maybe, path, yes } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop export`: its flags, and the command that is loaded when it runs. */
export const exportCommand = Command.make(
  "export",
  {
    model: path(
      "model",
      "DIR",
      "Model folder, or the folder of a LoRA adapter, which is merged into its base (required)"
    ),
    base: maybe(path("base", "DIR", "The model beneath an adapter (default the one that adapter_config.json names)")),
    format: Flag.String("format").pipe(
      Flag.withDescription(
        "gguf: one file for llama.cpp and Ollama; onnx: a folder for transformers.js; safetensors: a Hugging Face folder (required)"
      ),
      Flag.withMetavar("NAME")
    ),
    dtype: maybe(
      Flag.String("dtype").pipe(
        Flag.withDescription(
          "How weights are stored: float32 or float16; bfloat16 (gguf, safetensors); q8_0 (gguf); int8 (onnx) (default float32)"
        ),
        Flag.withMetavar("NAME")
      )
    ),
    out: Flag.String("out").pipe(
      Flag.withDescription("The file (gguf) or folder that is written; it appears when it is complete (required)"),
      Flag.withMetavar("PATH")
    ),
    overwrite: yes("overwrite", "Replace what an earlier export left under this name"),
    threads: engine.threads,
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/exportModel.ts"))
    yield* command.exportModel(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Write a model for other programs"),
  Command.withExamples([
    {
      command: "prefloop export --model out/dpo --format gguf --dtype q8_0 --out dpo.gguf",
      description: "for llama.cpp and Ollama"
    },
    {
      command: "prefloop export --model out/dpo --format onnx --out dpo-onnx",
      description: "for transformers.js, in a browser or in Node"
    },
    {
      command: "prefloop export --model out/adapter --format safetensors --dtype bfloat16 --out merged",
      description: "an adapter and its base as one model"
    }
  ])
)
