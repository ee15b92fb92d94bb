import type { Metadata, MetadataValue } from "./Metadata.ts"
import { tensorBytes, type TensorType } from "./tensorTypes.ts"

/** Tensors start at a multiple of this in a file that does not say otherwise. Units: bytes. */
export const alignment = 32

const version = 3

/** The numbers of the value types in the file. */
const types = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const

/** A tensor as the header names it. Shapes: the slowest axis first, as everywhere but in the file. */
export interface TensorInfo {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  readonly type: TensorType
}

/** `size` rounded up to a multiple of the alignment. */
export const aligned = (size: number): number => Math.ceil(size / alignment) * alignment

const number = (bytes: number, write: (view: DataView) => void): Uint8Array => {
  const view = new DataView(new ArrayBuffer(bytes))
  write(view)
  return new Uint8Array(view.buffer)
}
const uint32 = (x: number) => number(4, (view) => view.setUint32(0, x, true))
const int32 = (x: number) => number(4, (view) => view.setInt32(0, x, true))
const uint64 = (x: number) => number(8, (view) => view.setBigUint64(0, BigInt(x), true))
const float32 = (x: number) => number(4, (view) => view.setFloat32(0, x, true))
const string = (text: string): ReadonlyArray<Uint8Array> => {
  const bytes = new TextEncoder().encode(text)
  return [uint64(bytes.length), bytes]
}

const list = <A>(type: number, items: ReadonlyArray<A>, encode: (item: A) => ReadonlyArray<Uint8Array>) => [
  uint32(types.array),
  uint32(type),
  uint64(items.length),
  ...items.flatMap(encode)
]

const encodeValue = (value: MetadataValue): ReadonlyArray<Uint8Array> => {
  if ("uint32" in value) return [uint32(types.uint32), uint32(value.uint32)]
  if ("float32" in value) return [uint32(types.float32), float32(value.float32)]
  if ("bool" in value) return [uint32(types.bool), Uint8Array.of(value.bool ? 1 : 0)]
  if ("string" in value) return [uint32(types.string), ...string(value.string)]
  if ("strings" in value) return list(types.string, value.strings, string)
  if ("int32s" in value) return list(types.int32, value.int32s, (x) => [int32(x)])
  return list(types.float32, value.float32s, (x) => [float32(x)])
}

const join = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(aligned(size))
  let end = 0
  for (const part of parts) {
    bytes.set(part, end)
    end += part.length
  }
  return bytes
}

/**
 * Everything before the first tensor of a GGUF file.
 *
 * Source   GGUF version 3: magic, version, counts; key, type and value of each datum; name, axes (the fastest first),
 *          type and offset of each tensor; little-endian; tensors at multiples of the alignment.
 */
export const encodeHeader = (metadata: Metadata, tensors: ReadonlyArray<TensorInfo>): Uint8Array => {
  const rows = Object.entries(metadata)
  let offset = 0
  const infos = tensors.flatMap(({ name, shape, type }) => {
    const at = offset
    offset += aligned(tensorBytes(type, shape))
    return [...string(name), uint32(shape.length), ...shape.toReversed().map(uint64), uint32(type.id), uint64(at)]
  })
  return join([
    new TextEncoder().encode("GGUF"),
    uint32(version),
    uint64(tensors.length),
    uint64(rows.length),
    ...rows.flatMap(([key, value]) => string(key).concat(encodeValue(value))),
    ...infos
  ])
}
