import { type Code, kinds, type Routine } from "./assemble.ts"
import { again, get, i32, i64, loop, ops, set, when } from "./ops.ts"

const c1 = 0x87c37b91114253d5n
const c2 = 0x4cf5ad432745937fn
const blockBytes = 16

const address = 0
const length = 1
const target = 2
const h1 = 3
const h2 = 4
const k = 5
const left = 6

const rotl = (value: Code, bits: number): Code => ops.i64Rotl(value, i64(BigInt(bits)))
const mixed = (block: Code, first: bigint, bits: number, second: bigint): Code =>
  ops.i64Mul(rotl(ops.i64Mul(block, i64(first)), bits), i64(second))
const stirred = (value: Code, bits: number, other: number, addend: bigint): Code =>
  ops.i64Add(ops.i64Mul(ops.i64Add(rotl(value, bits), get(other)), i64(5n)), i64(addend))
const mix1 = (block: Code): Code => set(h1, ops.i64Xor(get(h1), mixed(block, c1, 31, c2)))
const mix2 = (block: Code): Code => set(h2, ops.i64Xor(get(h2), mixed(block, c2, 33, c1)))

/** The first `count` (0 to 8) of the eight bytes at `offset` behind the address, the others zero. */
const someBytes = (count: Code, offset: number): Code => [
  set(k, ops.i64Load(get(address), offset)),
  when(
    ops.i32LtU(count, i32(8)),
    set(k, ops.i64And(get(k), ops.i64Sub(ops.i64Shl(i64(1n), ops.i64Shl(ops.i64ExtendI32U(count), i64(3n))), i64(1n))))
  )
]

const shifted = (h: number): Code => set(h, ops.i64Xor(get(h), ops.i64ShrU(get(h), i64(33n))))
const finished = (h: number): Code => [
  shifted(h),
  set(h, ops.i64Mul(get(h), i64(0xff51afd7ed558ccdn))),
  shifted(h),
  set(h, ops.i64Mul(get(h), i64(0xc4ceb9fe1a85ec53n))),
  shifted(h)
]
const added: Code = [set(h1, ops.i64Add(get(h1), get(h2))), set(h2, ops.i64Add(get(h2), get(h1)))]

/**
 * `murmur128(address, length, target)` puts the 128-bit hash of bytes at `target`; seed 0.
 *
 * Source   MurmurHash3_x64_128 (Austin Appleby, SMHasher, public domain). The last bytes are read as a whole word of which
 *          those behind the text are masked, so 15 more bytes of memory must be there.
 */
export const murmur128: Routine = {
  name: "murmur128",
  parameters: [kinds.i32, kinds.i32, kinds.i32],
  results: [],
  locals: [kinds.i64, kinds.i64, kinds.i64, kinds.i32],
  body: [
    set(left, get(length)),
    when(
      ops.i32GeU(get(left), i32(blockBytes)),
      loop(
        mix1(ops.i64Load(get(address))),
        set(h1, stirred(get(h1), 27, h2, 0x52dce729n)),
        mix2(ops.i64Load(get(address), 8)),
        set(h2, stirred(get(h2), 31, h1, 0x38495ab5n)),
        set(address, ops.i32Add(get(address), i32(blockBytes))),
        set(left, ops.i32Sub(get(left), i32(blockBytes))),
        when(ops.i32GeU(get(left), i32(blockBytes)), again(1))
      )
    ),
    when(ops.i32GeU(get(left), i32(8)), someBytes(ops.i32Sub(get(left), i32(8)), 8), mix2(get(k))),
    someBytes(get(left), 0),
    mix1(get(k)),
    set(h1, ops.i64Xor(get(h1), ops.i64ExtendI32U(get(length)))),
    set(h2, ops.i64Xor(get(h2), ops.i64ExtendI32U(get(length)))),
    added,
    finished(h1),
    finished(h2),
    added,
    ops.i64Store(get(target), get(h1)),
    ops.i64Store(ops.i32Add(get(target), i32(8)), get(h2))
  ]
}
