import { type Code, signed, unsigned } from "./assemble.ts"

const vectorPrefix = 0xfd
const unaligned = 0x00
const noResult = 0x40

/** Puts a constant on the stack. */
export const i32 = (value: number): Code => [0x41, signed(BigInt(value))]
/** Puts a 64-bit constant on the stack; what does not fit into 63 bits is taken as negative. */
export const i64 = (value: bigint): Code => [0x42, signed(BigInt.asIntN(64, value))]

/** Puts two words of 64 bits on the stack. */
export const v128 = (low: bigint, high: bigint): Code => [
  vectorPrefix,
  0x0c,
  [low, high].flatMap((word) => Array.from({ length: 8 }, (_, i) => Number((word >> BigInt(8 * i)) & 0xffn)))
]

/** What a local holds. */
export const get = (local: number): Code => [0x20, unsigned(local)]
/** Keeps a value in a local. */
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)]

const loadOf =
  (...op: Code) =>
  (address: Code, offset = 0): Code => [address, op, unaligned, unsigned(offset)]
const storeOf =
  (...op: Code) =>
  (address: Code, value: Code): Code => [address, value, op, unaligned, 0x00]
const unaryOf =
  (...op: Code) =>
  (value: Code): Code => [value, op]
const binaryOf =
  (...op: Code) =>
  (a: Code, b: Code): Code => [a, b, op]

/** Instructions by their names, a dot written as a capital. Operands come first, as in a call. */
export const ops = {
  i32Load: loadOf(0x28),
  i32Load8U: loadOf(0x2d),
  i64Load: loadOf(0x29),
  f64Load: loadOf(0x2b),
  v128Load: loadOf(vectorPrefix, 0x00),
  i32Store: storeOf(0x36),
  i32Store8: storeOf(0x3a),
  i64Store: storeOf(0x37),
  f64Store: storeOf(0x39),
  v128Store: storeOf(vectorPrefix, 0x0b),
  i32Eqz: unaryOf(0x45),
  i32Eq: binaryOf(0x46),
  i32LtU: binaryOf(0x49),
  i32GtU: binaryOf(0x4b),
  i32GeU: binaryOf(0x4f),
  i32Ctz: unaryOf(0x68),
  i32Add: binaryOf(0x6a),
  i32Sub: binaryOf(0x6b),
  i32And: binaryOf(0x71),
  i32Or: binaryOf(0x72),
  i32Shl: binaryOf(0x74),
  i64Eq: binaryOf(0x51),
  i64ExtendI32U: unaryOf(0xad),
  i64Add: binaryOf(0x7c),
  i64Sub: binaryOf(0x7d),
  i64Mul: binaryOf(0x7e),
  i64And: binaryOf(0x83),
  i64Xor: binaryOf(0x85),
  i64Shl: binaryOf(0x86),
  i64ShrU: binaryOf(0x88),
  i64Rotl: binaryOf(0x89),
  f64Neg: unaryOf(0x9a),
  f64Div: binaryOf(0xa3),
  f64ConvertI64U: unaryOf(0xba),
  i8x16Splat: unaryOf(vectorPrefix, 0x0f),
  i8x16Eq: binaryOf(vectorPrefix, 0x23),
  i8x16MinU: binaryOf(vectorPrefix, 0x77),
  i8x16Bitmask: unaryOf(vectorPrefix, 0x64),
  i8x16Shuffle: (a: Code, b: Code, lanes: Code): Code => [a, b, vectorPrefix, 0x0d, lanes],
  i64x2ExtractLane: (value: Code, lane: number): Code => [value, vectorPrefix, 0x1d, lane],
  i64x2ShrU: binaryOf(vectorPrefix, unsigned(0xcd)),
  i64x2Add: binaryOf(vectorPrefix, unsigned(0xce)),
  i64x2Mul: binaryOf(vectorPrefix, unsigned(0xd5)),
  i64x2ExtmulLowI32x4U: binaryOf(vectorPrefix, unsigned(0xde)),
  v128Or: binaryOf(vectorPrefix, 0x50),
  v128Xor: binaryOf(vectorPrefix, 0x51)
} as const

/** A body that `again(depth)` inside it starts over. */
export const loop = (...body: Code): Code => [0x03, noResult, body, 0x0b]
/** A body that runs when the condition is not zero. */
export const when = (condition: Code, ...body: Code): Code => [condition, 0x04, noResult, body, 0x0b]
/** The one body or the other. */
export const either = (condition: Code, body: Code, other: Code): Code => [
  condition,
  0x04,
  noResult,
  body,
  0x05,
  other,
  0x0b
]
/** What a routine of the module gives. */
export const call = (place: number, ...values: ReadonlyArray<Code>): Code => [values, 0x10, unsigned(place)]
/** Ends the routine with a value. */
export const give = (value: Code): Code => [value, 0x0f]
/** Goes to the start of the loop that is `depth` blocks out. */
export const again = (depth: number): Code => [0x0c, unsigned(depth)]
