import { kinds, type Routine } from "./assemble.ts"
import { again, get, i32, loop, ops, set, when } from "./ops.ts"

/** Where the kernel puts a second result. Units: bytes from the start of memory. */
export const resultAddress = 0
/** A table of 256 bytes: what a letter after a backslash stands for, 0 where the kernel does not know it. */
export const escapesAddress = 256
/** Bytes that a step reads and writes at once: memory behind a text must hold as many. */
export const stepBytes = 16

const quote = 0x22
const backslash = 0x5c
const space = 0x20

/** The letters of one-letter escapes, and the bytes they stand for (RFC 8259, section 7). */
export const escapes = {
  '"': 0x22,
  "\\": 0x5c,
  "/": 0x2f,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09
} as const

const source = 0
const target = 1
const stop = 2
const bytes = 3
const other = 4

// what is below a space stays there when a quote becomes a space
const swapped = ops.v128Xor(get(bytes), ops.i8x16Splat(i32(quote ^ space)))
const isStop = ops.i8x16Bitmask(
  ops.v128Or(
    [set(other, swapped), ops.i8x16Eq(ops.i8x16MinU(get(other), ops.i8x16Splat(i32(space))), get(other))],
    ops.i8x16Eq(get(bytes), ops.i8x16Splat(i32(backslash)))
  )
)

/**
 * `copyText(source, target)` copies the text of a JSON string, 16 bytes at a time, until a byte that it cannot copy: the
 * quote at the end, `\u`, an unknown escape, or a control character (so memory behind the text must hold one).
 *
 * It gives the address of that byte, and puts the address behind the copy at `resultAddress`.
 */
export const copyText: Routine = {
  name: "copyText",
  parameters: [kinds.i32, kinds.i32],
  results: [kinds.i32],
  locals: [kinds.i32, kinds.v128, kinds.v128],
  body: [
    loop(
      set(bytes, ops.v128Load(get(source))),
      ops.v128Store(get(target), get(bytes)),
      set(stop, isStop),
      when(
        ops.i32Eqz(get(stop)),
        set(source, ops.i32Add(get(source), i32(stepBytes))),
        set(target, ops.i32Add(get(target), i32(stepBytes))),
        again(1)
      ),
      set(stop, ops.i32Ctz(get(stop))),
      set(source, ops.i32Add(get(source), get(stop))),
      set(target, ops.i32Add(get(target), get(stop))),
      when(
        ops.i32Eq(ops.i32Load8U(get(source)), i32(backslash)),
        set(stop, ops.i32Load8U(ops.i32Load8U(get(source), 1), escapesAddress)),
        when(
          get(stop),
          ops.i32Store8(get(target), get(stop)),
          set(source, ops.i32Add(get(source), i32(2))),
          set(target, ops.i32Add(get(target), i32(1))),
          again(2)
        )
      )
    ),
    ops.i32Store(i32(resultAddress), get(target)),
    get(source)
  ]
}
