import type { ElementType, Shape, Value } from "./Graph.ts"
import { formatShape } from "./Dim.ts"

/** Arrays whose memory can be the content of a tensor. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Float16Array
  | BigInt64Array
  | Int32Array
  | Int8Array
  | Uint8Array
  | Uint16Array

/** Bytes of one element of each type. */
export const bytesPerElement = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int8: 1,
  uint8: 1,
  bool: 1
} as const satisfies Record<ElementType, number>

/** The number that ONNX gives each element type (TensorProto.DataType). */
export const onnxType = {
  float32: 1,
  float64: 11,
  float16: 10,
  bfloat16: 16,
  int64: 7,
  int32: 6,
  int8: 3,
  uint8: 2,
  bool: 9
} as const satisfies Record<ElementType, number>

/** Every element type. */
export const elementTypes: ReadonlyArray<ElementType> = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
  "int64",
  "int32",
  "int8",
  "uint8",
  "bool"
]

/** True for types that can carry a gradient. */
export const isFloat = (type: ElementType): boolean => type.includes("float")

/** The element type that an array holds unless said otherwise; undefined for a Uint16Array, which stands for bfloat16 only when asked. */
export const elementTypeOf = (data: TypedArray): ElementType => {
  if (data instanceof Float32Array) return "float32"
  if (data instanceof Float64Array) return "float64"
  if (data instanceof Float16Array) return "float16"
  if (data instanceof BigInt64Array) return "int64"
  if (data instanceof Int32Array) return "int32"
  if (data instanceof Int8Array) return "int8"
  if (data instanceof Uint16Array) return "bfloat16"
  return "uint8"
}

/** The bytes of an array, without copying. */
export const bytesOf = (data: TypedArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** Upper half of a float32, rounded to nearest even. */
const toBfloat16 = (x: number): number => {
  const [bits = 0] = new Uint32Array(new Float32Array([x]).buffer)
  return Number.isNaN(x) ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

const arrays = {
  float32: (xs) => new Float32Array(xs),
  float64: (xs) => new Float64Array(xs),
  float16: (xs) => new Float16Array(xs),
  bfloat16: (xs) => new Uint16Array(xs.map(toBfloat16)),
  int64: (xs) => new BigInt64Array(xs.map(BigInt)),
  int32: (xs) => new Int32Array(xs),
  int8: (xs) => new Int8Array(xs),
  uint8: (xs) => new Uint8Array(xs),
  bool: (xs) => new Uint8Array(xs.map((x) => (x === 0 ? 0 : 1)))
} as const satisfies Record<ElementType, (xs: ReadonlyArray<number>) => TypedArray>

/** Numbers as an array of an element type. */
export const arrayOf = (type: ElementType, xs: ReadonlyArray<number>): TypedArray => arrays[type](xs)

/** Type and shape as a reader writes them: `float32 [rows, 4]`. */
export const formatValue = (value: Pick<Value, "type" | "shape">): string =>
  `${value.type} ${formatShape(value.shape satisfies Shape)}`
