import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Path } from "effect"
import { initialize, openCheckpoint } from "../../src/checkpoint/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type DecoderOptions, openDecoder } from "../../src/sampler/mod.ts"
import { drawAll, type TestRow } from "./drawAll.ts"

/** The runtime on a number of threads. */
export const runtime = (threads: number) => OnnxRuntime.layer({ threads }).pipe(Layer.provideMerge(NodeServices.layer))

/**
 * Draws rows from a new model whose layers are wide enough for the kernels to split their work, and whose vocabulary is
 * larger than what is sorted at first for top-p.
 */
export const drawWide =
  (
    widths: Readonly<Record<"hidden_size" | "intermediate_size", number>> &
      Readonly<
        Partial<
          Record<
            "head_dim" | "max_position_embeddings" | "num_attention_heads" | "num_key_value_heads" | "vocab_size",
            number
          >
        >
      >,
    rowsFor: (vocabulary: number) => ReadonlyArray<TestRow>
  ) =>
  (threads: number, options: DecoderOptions) =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const folder = yield* fs.makeTempDirectoryScoped()
      const [shape, into] = [path.join(folder, "shape"), path.join(folder, "model")]
      yield* fs.copy("fixtures/garden/model", shape)
      const config = path.join(shape, "config.json")
      const wide = { vocab_size: 600, num_attention_heads: 8, num_key_value_heads: 4, head_dim: 32, ...widths }
      yield* fs.writeFileString(config, JSON.stringify({ ...JSON.parse(yield* fs.readFileString(config)), ...wide }))
      yield* initialize({ from: shape, into, seed: 1 })
      const checkpoint = yield* openCheckpoint(into, "causal")
      return yield* drawAll(yield* openDecoder(checkpoint, options), rowsFor(checkpoint.config.vocab_size))
    }).pipe(Effect.scoped, Effect.provide(runtime(threads)))
