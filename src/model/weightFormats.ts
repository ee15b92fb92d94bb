import type { WeightFormatName } from "../../schemas/mod.ts"
import { bytesOf, type ElementType } from "../graph/mod.ts"
import { blockNames } from "./blockLinear.ts"
import { isWide } from "./halfLinear.ts"
import { embedding, headWeight } from "./languageHead.ts"
import type { ModelConfig } from "./ModelConfig.ts"
import { type BlockBits, blockSize, quantizeBlocks } from "./quantizeBlocks.ts"
import { isHalf } from "./storedWeights.ts"

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
  /** Where weights in half become float32: once, when a decoder opens, or at each step. */
  readonly widens: "once" | "everyStep"
  /** Whether a weight is read as the checkpoint has it. */
  readonly keeps: (config: ModelConfig, weight: NamedWeight) => boolean
  /** What is made of a weight, beside it or in its place. */
  readonly makes: (config: ModelConfig, weight: NamedWeight, values: Float32Array) => ReadonlyArray<MadeWeight>
}

const isMatrix = ({ shape }: NamedWeight): boolean => shape.length === 2

/** Whether a matrix is kept in half: rows of an embedding are looked up, and wide layers do not depend on their batch. */
const inHalf = (config: ModelConfig, { name, shape }: NamedWeight): boolean =>
  (name === embedding && name !== headWeight(config)) || isWide(shape[0] ?? 0)

/** Embedding, norms and biases stay; linear layers are kept in blocks of `bits`, the head in blocks of eight bits. */
const inBlocks = (bits: BlockBits, doc: string): WeightFormat => ({
  doc,
  widens: "once",
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
 * Units    Bytes for each weight of a linear layer: 4, 2, 1.125 and 0.625; for the sums of blocks ONNX Runtime adds 0.125 more.
 * Domain   In each of them, a row's tokens do not depend on the rows beside it (`float16`: on up to 63 threads; blocks: seen on x64 with AVX-512 VNNI). `int8` and `int4` also round the input of each linear
 *          layer to eight bits a value, with a scale for each 32 of them.
 */
export const weightFormats = {
  float32: {
    doc: "every weight as float32: what is drawn comes from the policy as it is",
    widens: "once",
    keeps: () => true,
    makes: () => []
  },
  float16: {
    doc: "matrices in 16 bits, bfloat16 where the checkpoint has it: then too, what is drawn comes from the policy as it is",
    widens: "everyStep",
    keeps: (config, weight) => !isMatrix(weight) || inHalf(config, weight) === isHalf(weight.type),
    makes: (config, weight, values) => {
      if (!isMatrix(weight) || inHalf(config, weight) === isHalf(weight.type)) return []
      if (isHalf(weight.type)) return [{ ...weight, type: "float32", bytes: bytesOf(values) }]
      return [{ ...weight, type: "float16", bytes: bytesOf(new Float16Array(values)) }]
    }
  },
  int8: inBlocks(8, "linear layers and head in blocks of eight bits"),
  int4: inBlocks(4, "linear layers in blocks of four bits, the head in blocks of eight")
} as const satisfies Record<WeightFormatName, WeightFormat>
