import type { EncoderConfig } from "./EncoderConfig.ts"

/** A weight of an encoder: its name in a checkpoint of the bare model, and its shape. */
export interface EncoderParameter {
  readonly name: string
  readonly shape: ReadonlyArray<number>
}

/** The beginning of the names of one layer's weights. */
export const layerPrefix = (layer: number): string => `encoder.layer.${layer}`

const linear = (name: string, inputs: number, outputs: number): ReadonlyArray<EncoderParameter> => [
  { name: `${name}.weight`, shape: [outputs, inputs] },
  { name: `${name}.bias`, shape: [outputs] }
]

const norm = (name: string, width: number): ReadonlyArray<EncoderParameter> => [
  { name: `${name}.weight`, shape: [width] },
  { name: `${name}.bias`, shape: [width] }
]

/** Every weight that the sentence vector is computed with, named as in transformers' `BertModel`; the pooler is not. */
export const bertParameters = (config: EncoderConfig): ReadonlyArray<EncoderParameter> => {
  const { hidden_size: width, intermediate_size: inner, max_position_embeddings, type_vocab_size, vocab_size } = config
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => {
    const at = layerPrefix(layer)
    return [
      ...["query", "key", "value"].flatMap((name) => linear(`${at}.attention.self.${name}`, width, width)),
      ...linear(`${at}.attention.output.dense`, width, width),
      ...norm(`${at}.attention.output.LayerNorm`, width),
      ...linear(`${at}.intermediate.dense`, width, inner),
      ...linear(`${at}.output.dense`, inner, width),
      ...norm(`${at}.output.LayerNorm`, width)
    ]
  })
  return [
    { name: "embeddings.word_embeddings.weight", shape: [vocab_size, width] },
    { name: "embeddings.position_embeddings.weight", shape: [max_position_embeddings, width] },
    { name: "embeddings.token_type_embeddings.weight", shape: [type_vocab_size, width] },
    ...norm("embeddings.LayerNorm", width),
    ...layers.flat()
  ]
}
