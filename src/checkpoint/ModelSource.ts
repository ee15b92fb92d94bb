import type { Effect, FileSystem } from "effect"
import type { Family, ModelConfig, Parameter } from "../model/mod.ts"
import type { RuntimeError } from "../runtime/mod.ts"
import type { Tokenizer } from "../text/mod.ts"
import type { Kind } from "./Checkpoint.ts"

/** A whole model whose weights are read one at a time: a folder as it is, or a base with a low-rank change added to it. */
export interface ModelSource {
  readonly folder: string
  readonly kind: Kind
  readonly family: Family
  readonly config: ModelConfig
  /** `config.json` as found, so that keys we do not read are written back. */
  readonly configFile: Readonly<Record<string, unknown>>
  readonly tokenizer: Tokenizer
  /** Every weight, in the order of the checkpoint. */
  readonly parameters: ReadonlyArray<Parameter>
  /** The values of one weight. Domain: a name of `parameters`. */
  readonly load: (name: string) => Effect.Effect<Float32Array, RuntimeError, FileSystem.FileSystem>
}
