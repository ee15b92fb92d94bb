/** The element types of a file of weights, in the spelling of the format, with their size in bits. */
export const dtypes = {
  F64: 64,
  I64: 64,
  U64: 64,
  C64: 64,
  F32: 32,
  I32: 32,
  U32: 32,
  F16: 16,
  BF16: 16,
  I16: 16,
  U16: 16,
  I8: 8,
  U8: 8,
  BOOL: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4
} as const

export type Dtype = keyof typeof dtypes

/** The floating-point types that weights are trained and stored in. */
export type FloatType = "F32" | "F16" | "BF16"

/** How many bytes a tensor of this type and shape takes. */
export const byteLength = (dtype: Dtype, shape: ReadonlyArray<number>): number =>
  Math.ceil((shape.reduce((product, size) => product * size, 1) * dtypes[dtype]) / 8)
