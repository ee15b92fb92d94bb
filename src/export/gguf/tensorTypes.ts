import { floatCodecs } from "../../runtime/mod.ts"
import { blockSize, quantize } from "./quantize.ts"

/** How a tensor is stored: the number of its type in the file, and how values become bytes. */
export interface TensorType {
  readonly id: number
  /** Values that are stored together; a row holds whole blocks. */
  readonly block: number
  /** Bytes of a block. */
  readonly bytes: number
  readonly encode: (values: Float32Array) => Uint8Array
}

/** The types of ggml that are written. */
export const tensorTypes = {
  F32: { id: 0, block: 1, bytes: 4, encode: floatCodecs.F32.encode },
  F16: { id: 1, block: 1, bytes: 2, encode: floatCodecs.F16.encode },
  Q8_0: { id: 8, block: blockSize, bytes: 2 + blockSize, encode: quantize },
  BF16: { id: 30, block: 1, bytes: 2, encode: floatCodecs.BF16.encode }
} as const satisfies Record<string, TensorType>

/** Storage by the name that a person gives: the type of matrices, and the file's number for it. */
export const storages = {
  float32: { type: tensorTypes.F32, fileType: 0 },
  float16: { type: tensorTypes.F16, fileType: 1 },
  bfloat16: { type: tensorTypes.BF16, fileType: 32 },
  q8_0: { type: tensorTypes.Q8_0, fileType: 7 }
} as const

/** The type of one tensor: vectors stay float32, and rows that are no whole number of blocks become float16. */
export const tensorTypeOf = (wished: TensorType, shape: ReadonlyArray<number>): TensorType => {
  if (shape.length < 2) return tensorTypes.F32
  return (shape.at(-1) ?? 0) % wished.block === 0 ? wished : tensorTypes.F16
}

/** Bytes that a tensor takes. */
export const tensorBytes = (type: TensorType, shape: ReadonlyArray<number>): number =>
  (shape.reduce((product, size) => product * size, 1) / type.block) * type.bytes
