import { resolveShape } from "../../graph/mod.ts"
import { type Band, rowParts, type Strip } from "../../model/mod.ts"
import type { Sizes } from "./Stage.ts"
import type { TrunkModel } from "./TrunkModel.ts"

/** The number of elements of a shape at these sizes. */
export const elementsOf = (shape: Parameters<typeof resolveShape>[0], sizes: Sizes): number =>
  resolveShape(shape, sizes).reduce((product, size) => product * size, 1)

/** All tokens of a strip as one row, for what looks at one token at a time. */
export const stripSizes = ({ size }: Pick<Strip, "size">): Sizes => ({ rows: 1, tokens: size })

/**
 * Fewer tokens than this are filled up with zeros: a product with one row, or with fewer rows than columns, is summed in
 * another order than one with more, or on more threads (see `bench/LOG.md`).
 */
const fewestRead = 128

/** The tokens that something is read from, as one row. */
export const readSizes = (read: number): Sizes => ({ rows: 1, tokens: Math.max(fewestRead, read) })

/** A band of rows, for attention. */
export const bandSizes = ({ prefix, rows, tokens }: Band): Sizes => ({
  rows,
  tokens,
  part: tokens / rowParts,
  prefix: prefix.tokens
})

/** Numbers for each token: hidden states, and what goes into attention and comes out of it. */
export const widthsOf = ({ config }: Pick<TrunkModel, "config">) => ({
  x: config.hidden_size,
  q: config.num_attention_heads * config.head_dim,
  k: config.num_key_value_heads * config.head_dim,
  v: config.num_key_value_heads * config.head_dim,
  attended: config.num_attention_heads * config.head_dim
})
