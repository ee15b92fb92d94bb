import { bytesOf, type ElementType } from "../graph/mod.ts"
import { blockNames } from "./blockLinear.ts"
import { headWeight } from "./languageHead.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { type BlockBits, blockSize, quantizeBlocks } from "./quantizeBlocks.ts"

/** A weight by its name in the checkpoint. */
export interface NamedWeight {
  readonly name: string
  readonly type: ElementType
  readonly shape: ReadonlyArray<number>
}

/** A constant that is made of a weight. */
export interface MadeWeight extends NamedWeight {
  readonly bytes: Uint8Array
}

/** How a decoder keeps weights. */
export interface WeightFormat {
  readonly doc: string
  /** Whether a weight is read as the checkpoint has it. */
  readonly keeps: (config: ModelConfig, weight: NamedWeight) => boolean
  /** What is made of a weight, beside it or in its place. */
  readonly makes: (config: ModelConfig, weight: NamedWeight, values: Float32Array) => ReadonlyArray<MadeWeight>
  /** Whether what depends on weights alone is computed once, and its result kept, or in each run. */
  readonly folds: boolean
}

const embedding = "model.embed_tokens.weight"
const isMatrix = ({ shape }: NamedWeight): boolean => shape.length === 2
const isWide = (weight: NamedWeight): boolean => isMatrix(weight) && weight.type === "float32"

/** Embedding, norms and biases stay; linear layers are kept in blocks of `bits`, the head in blocks of eight bits. */
const inBlocks = (bits: BlockBits, doc: string): WeightFormat => ({
  doc,
  folds: true,
  keeps: (_config, weight) => !isMatrix(weight) || weight.name === embedding,
  makes: (config, { name, shape, ...weight }, values) => {
    const isHead = name === headWeight(config)
    if (!isMatrix({ name, shape, ...weight }) || (name === embedding && !isHead)) return []
    const [rows = 0, width = 0] = shape
    const kept = isHead ? 8 : bits
    const { quantized, scales } = quantizeBlocks(values, rows, kept)
    const blocks = Math.ceil(width / blockSize)
    const names = blockNames(name)
    return [
      { name: names.quantized, type: "uint8", shape: [rows, blocks, (blockSize * kept) / 8], bytes: quantized },
      { name: names.scales, type: "float32", shape: [rows, blocks], bytes: bytesOf(scales) }
    ]
  }
})

/**
 * How a decoder may keep the weights of a model, by name.
 *
 * Domain   In each of them, a row's tokens do not depend on the rows beside it. `int8` and `int4` also round the input of each linear
 *          layer to eight bits a value, with a scale for each 32 of them.
 */
export const weightFormats = {
  float32: {
    doc: "every weight as float32: what is drawn comes from the policy as it is",
    folds: true,
    keeps: () => true,
    makes: () => []
  },
  float16: {
    doc: "matrices in sixteen bits, as they are where the checkpoint has them so; each step widens them: half the memory, slow",
    folds: false,
    keeps: (_config, weight) => !isWide(weight),
    makes: (_config, weight, values) =>
      isWide(weight) ? [{ ...weight, type: "float16", bytes: bytesOf(Float16Array.from(values)) }] : []
  },
  int8: inBlocks(8, "linear layers and head in blocks of eight bits"),
  int4: inBlocks(4, "linear layers in blocks of four bits, the head in blocks of eight")
} as const satisfies Record<string, WeightFormat>

export type WeightFormatName = keyof typeof weightFormats
