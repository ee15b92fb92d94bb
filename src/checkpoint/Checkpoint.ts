import type { Family, ModelConfig, Parameter, StoredWeight } from "../model/mod.ts"
import type { Tokenizer } from "../text/mod.ts"

/** What a model answers with: the next token, or one scalar for a whole sequence. */
export type Kind = "causal" | "reward"

/** A model folder whose files have been read and whose weights have been found, with the right shapes, but not loaded. */
export interface Checkpoint {
  readonly folder: string
  readonly kind: Kind
  readonly family: Family
  readonly config: ModelConfig
  /** `config.json` as found, so that keys we do not read are written back; numbers as `parseConfigFile` says. */
  readonly configFile: Readonly<Record<string, unknown>>
  readonly tokenizer: Tokenizer
  readonly parameters: ReadonlyArray<Parameter>
  readonly weights: ReadonlyMap<string, StoredWeight>
}
