/** The element types a tensor may have, each with its code in ONNX, its size in bytes and the typed array that holds it. */
export const elementTypes = {
  float32: { code: 1, bytes: 4, array: Float32Array },
  uint8: { code: 2, bytes: 1, array: Uint8Array },
  int8: { code: 3, bytes: 1, array: Int8Array },
  int32: { code: 6, bytes: 4, array: Int32Array },
  int64: { code: 7, bytes: 8, array: BigInt64Array },
  bool: { code: 9, bytes: 1, array: Uint8Array },
  float16: { code: 10, bytes: 2, array: Float16Array },
  float64: { code: 11, bytes: 8, array: Float64Array },
  bfloat16: { code: 16, bytes: 2, array: Uint16Array }
} as const

export type ElementType = keyof typeof elementTypes

/** What holds the elements of a tensor; `bool` lives in a Uint8Array, the bits of `bfloat16` in a Uint16Array. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Float16Array
  | Uint16Array
  | BigInt64Array
  | Int32Array
  | Int8Array
  | Uint8Array

/** A dimension: its size, or its name. An anonymous one has the empty name. */
export type Dim = number | string

const names = Object.keys(elementTypes) as ReadonlyArray<ElementType> // as: the keys of the table above
const byCode: ReadonlyMap<number, ElementType> = new Map(names.map((name) => [elementTypes[name].code, name]))

/** The element type with this code in ONNX, if it is one of ours. */
export const elementTypeOf = (code: number): ElementType | undefined => byCode.get(code)

/** The element type that an array holds when nothing else is said: the first row of the table with its class. */
export const typeOfArray = (data: TypedArray): ElementType | undefined =>
  names.find((name) => data instanceof elementTypes[name].array)

/** How many elements a shape has. */
export const elementCount = (shape: ReadonlyArray<number>): number => shape.reduce((product, size) => product * size, 1)

/** A fresh array of zeros for a shape. */
export const zeros = (type: ElementType, shape: ReadonlyArray<number>): TypedArray =>
  new elementTypes[type].array(elementCount(shape))

/** The bytes of an array: nothing is copied. */
export const bytesOf = (data: TypedArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
