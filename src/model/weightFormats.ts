import type { WeightFormatName } from "../../schemas/mod.ts"
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
}

const embedding = "model.embed_tokens.weight"
const isMatrix = ({ shape }: NamedWeight): boolean => shape.length === 2

/** Embedding, norms and biases stay; linear layers are kept in blocks of `bits`, the head in blocks of eight bits. */
const inBlocks = (bits: BlockBits, doc: string): WeightFormat => ({
  doc,
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
 * Units    Bytes for each weight of a linear layer: 4, 1.125 and 0.625, and for the sums of blocks that ONNX Runtime adds 0.125 more.
 * Domain   In each of them, a row's tokens do not depend on the rows beside it (blocks: seen on x64 with AVX-512 VNNI). `int8` and `int4` also round the input of each linear
 *          layer to eight bits a value, with a scale for each 32 of them.
 */
export const weightFormats = {
  float32: {
    doc: "every weight as float32: what is drawn comes from the policy as it is",
    keeps: () => true,
    makes: () => []
  },
  int8: inBlocks(8, "linear layers and head in blocks of eight bits"),
  int4: inBlocks(4, "linear layers in blocks of four bits, the head in blocks of eight")
} as const satisfies Record<WeightFormatName, WeightFormat>
