import type { FloatType } from "./dtypes.ts"

const fromBfloat16 = (bytes: Uint8Array, target: Float32Array): void => {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, target.length)
  const words = new Uint32Array(target.buffer, target.byteOffset, target.length)
  for (let i = 0; i < words.length; i++) words[i] = (halves[i] ?? 0) << 16
}

/** The nearest bfloat16, ties to even; a NaN stays one. */
const toBfloat16 = (values: Float32Array): Uint16Array => {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  return Uint16Array.from(words, (word, i) =>
    Number.isNaN(values[i]) ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  )
}

/** Both directions for each type that weights are stored in. `decode` writes as many values as `target` holds. */
export const floatCodecs: Readonly<
  Record<
    FloatType,
    {
      readonly bytes: number
      readonly decode: (bytes: Uint8Array, target: Float32Array) => void
      readonly encode: (values: Float32Array) => Uint8Array
    }
  >
> = {
  F32: {
    bytes: 4,
    decode: (bytes, target) => target.set(new Float32Array(bytes.buffer, bytes.byteOffset, target.length)),
    encode: (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  },
  F16: {
    bytes: 2,
    decode: (bytes, target) => target.set(new Float16Array(bytes.buffer, bytes.byteOffset, target.length)),
    encode: (values) => new Uint8Array(Float16Array.from(values).buffer)
  },
  BF16: {
    bytes: 2,
    decode: fromBfloat16,
    encode: (values) => new Uint8Array(toBfloat16(values).buffer)
  }
}
