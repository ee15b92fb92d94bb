import { layerPrefix, type Parameter } from "../Family.ts"
import type { ModelConfig } from "../ModelConfig.ts"

/** A linear layer within a decoder layer. */
export interface Projection {
  /** Its name after `layerPrefix`. */
  readonly name: string
  readonly out: number
  readonly in: number
  readonly bias: boolean
}

/** What a family has in each decoder layer. */
export interface LayerWeights {
  /** Names after `layerPrefix`, and widths. */
  readonly norms: ReadonlyArray<readonly [name: string, width: number]>
  readonly projections: ReadonlyArray<Projection>
}

/**
 * Every weight below the head of a decoder: embedding, layers, final norm.
 *
 * Domain   `normStart` is what a new norm holds: "zeros" where 1 is added to it.
 */
export const decoderParameters = (
  config: ModelConfig,
  weights: LayerWeights,
  normStart: "ones" | "zeros" = "ones"
): ReadonlyArray<Parameter> => {
  const layer = (prefix: string): ReadonlyArray<Parameter> => [
    ...weights.norms.map(([name, width]): Parameter => {
      return { name: `${prefix}.${name}.weight`, shape: [width], start: normStart }
    }),
    ...weights.projections.flatMap((each): ReadonlyArray<Parameter> => {
      const name = `${prefix}.${each.name}`
      const weight: Parameter = { name: `${name}.weight`, shape: [each.out, each.in], start: "normal" }
      return each.bias ? [weight, { name: `${name}.bias`, shape: [each.out], start: "zeros" }] : [weight]
    })
  ]
  return [
    { name: "model.embed_tokens.weight", shape: [config.vocab_size, config.hidden_size], start: "normal" },
    ...Array.from({ length: config.num_hidden_layers }, (_, i) => layer(layerPrefix(i))).flat(),
    { name: "model.norm.weight", shape: [config.hidden_size], start: normStart }
  ]
}

/** Widths of the queries, and of the keys or values, of all heads. */
export const headWidths = (config: ModelConfig): { readonly query: number; readonly keyValue: number } => ({
  query: config.num_attention_heads * config.head_dim,
  keyValue: config.num_key_value_heads * config.head_dim
})
