import { type Code, kinds, type Routine } from "./assemble.ts"
import { again, get, give, i32, i64, loop, ops, set, when } from "./ops.ts"

/** Where the kernel keeps powers of ten, and where it puts a number. Units: bytes from the start of memory. */
export const powersAddress = 512
export const numberAddress = 8

/** Whole numbers of so many digits, and powers of ten as large, are exact: one division then rounds once. */
export const exactDigits = 15

const [at, start, byte, point] = [0, 1, 2, 3]
const whole = 4
const first = 5
const [zero, minus, dot] = [0x30, 0x2d, 0x2e]

const isByte = (wanted: number): Code => ops.i32Eq(ops.i32Load8U(get(at)), i32(wanted))
const step: Code = set(at, ops.i32Add(get(at), i32(1)))
const giveUp: Code = give(i32(0))

const digits: Code = loop(
  set(byte, ops.i32Sub(ops.i32Load8U(get(at)), i32(zero))),
  when(
    ops.i32LtU(get(byte), i32(10)),
    set(whole, ops.i64Add(ops.i64Mul(get(whole), i64(10n)), ops.i64ExtendI32U(get(byte)))),
    step,
    again(1)
  )
)

/**
 * `readNumber(at)` puts the JSON number at this address at `numberAddress`, and gives the address behind it; 0 where none
 * lies, or one with an exponent or more than `exactDigits` digits.
 *
 * Source   RFC 8259, section 6; W. Clinger, How to read floating point numbers accurately (1990), the exact case.
 */
export const readNumber: Routine = {
  name: "readNumber",
  parameters: [kinds.i32],
  results: [kinds.i32],
  locals: [kinds.i32, kinds.i32, kinds.i32, kinds.i64, kinds.i32],
  body: [
    set(start, get(at)),
    when(isByte(minus), step),
    set(first, get(at)),
    digits,
    when(ops.i32Eq(get(at), get(first)), giveUp),
    when(
      ops.i32Eq(ops.i32Load8U(get(first)), i32(zero)),
      when(ops.i32GtU(ops.i32Sub(get(at), get(first)), i32(1)), giveUp)
    ),
    set(point, get(at)),
    when(isByte(dot), step, set(point, get(at)), digits, when(ops.i32Eq(get(at), get(point)), giveUp)),
    when(ops.i32Eq(ops.i32Or(ops.i32Load8U(get(at)), i32(0x20)), i32(0x65)), giveUp),
    when(ops.i32GtU(ops.i32Sub(get(at), get(first)), i32(exactDigits)), giveUp),
    ops.f64Store(
      i32(numberAddress),
      ops.f64Div(
        ops.f64ConvertI64U(get(whole)),
        ops.f64Load(ops.i32Shl(ops.i32Sub(get(at), get(point)), i32(3)), powersAddress)
      )
    ),
    when(
      ops.i32Eq(ops.i32Load8U(get(start)), i32(minus)),
      ops.f64Store(i32(numberAddress), ops.f64Neg(ops.f64Load(i32(numberAddress))))
    ),
    get(at)
  ]
}
