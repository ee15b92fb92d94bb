import { type Code, kinds, type Routine } from "./assemble.ts"
import { again, get, i32, i64, loop, ops, set, v128, when } from "./ops.ts"

/** Where the kernel keeps the secret. Units: bytes from the start of memory. */
export const secretAddress = 16
/** Texts that are longer are hashed so. Units: bytes. */
export const longFrom = 241

/** The default secret of XXH3. */
export const secret = Buffer.from(
  "uP5sOSOkS758AYEs9yGtHN7UbemDkJfbckCkpLezZx/LeeZOzMDleIJa0H3M/3IhuAhGdPdDJI7gNZDmgTomTDwoUruRwwDLiNBl" +
    "ixtTLqNxZEiXog35TjgZ70ap3qzYqPp2P+OcND/53LvHxwtPHYpR4EvNtFkxyJ9+ydl4c2TqxayDNNPrw8WBoP/6E2PrFw3dUbfw" +
    "2knTFlUmKdRonisWvlh9R6H8j/i40XrQMc5FyzqPlRYEKK/X+8q7S0B+",
  "base64"
)

const stripeBytes = 64
const stripesPerBlock = (192 - stripeBytes) / 8
const prime32 = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn] as const
const prime64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n
] as const
const start: ReadonlyArray<readonly [bigint, bigint]> = [
  [prime32[2], prime64[0]],
  [prime64[1], prime64[2]],
  [prime64[3], prime32[1]],
  [prime64[4], prime32[0]]
]

const [address, length, target, key, left] = [0, 1, 2, 3, 4]
const [a, b, product, sum, high] = [5, 6, 7, 8, 9]
const [data, mixed] = [10, 11]
const sums = [12, 13, 14, 15] as const

/** Words of 32 bits in another order. */
const words = (value: Code, ...order: ReadonlyArray<number>): Code =>
  ops.i8x16Shuffle(
    value,
    value,
    order.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte))
  )

/** Adds 64 bytes to the sums, under a key; both at an address and so many bytes behind it. */
const accumulate = (keyOffset = 0): Code =>
  sums.map((each, i) => [
    set(data, ops.v128Load(get(address), 16 * i)),
    set(mixed, ops.v128Xor(get(data), ops.v128Load(get(key), secretAddress + keyOffset + 16 * i))),
    set(
      each,
      ops.i64x2Add(
        ops.i64x2Add(get(each), words(get(data), 2, 3, 0, 1)),
        ops.i64x2ExtmulLowI32x4U(words(get(mixed), 0, 2, 0, 2), words(get(mixed), 1, 3, 1, 3))
      )
    )
  ])

const scramble: Code = sums.map((each, i) => [
  set(mixed, ops.v128Xor(get(each), ops.i64x2ShrU(get(each), i32(47)))),
  set(mixed, ops.v128Xor(get(mixed), ops.v128Load(i32(secretAddress + 128 + 16 * i)))),
  set(each, ops.i64x2Mul(get(mixed), v128(prime32[0], prime32[0])))
])

const low32 = (value: Code): Code => ops.i64And(value, i64(0xffffffffn))
const high32 = (value: Code): Code => ops.i64ShrU(value, i64(32n))

/** Both halves of the product of a and b, the one over the other, added to the sum. */
const addFolded: Code = [
  // a · b = hh · 2⁶⁴ + (hl + lh) · 2³² + ll, in halves of 32 bits
  set(product, ops.i64Mul(low32(get(a)), low32(get(b)))),
  set(high, ops.i64Add(ops.i64Mul(high32(get(a)), low32(get(b))), high32(get(product)))),
  set(product, ops.i64Add(ops.i64Mul(low32(get(a)), high32(get(b))), low32(get(high)))),
  set(high, ops.i64Add(ops.i64Mul(high32(get(a)), high32(get(b))), high32(get(high)))),
  set(high, ops.i64Add(get(high), high32(get(product)))),
  set(sum, ops.i64Add(get(sum), ops.i64Xor(get(high), ops.i64Mul(get(a), get(b)))))
]

/** One half of the hash: the sums under a key, folded. */
const half = (keyOffset: number, begin: Code, at: number): Code => [
  set(sum, begin),
  sums.map((each, i) => [
    set(mixed, ops.v128Xor(get(each), ops.v128Load(i32(secretAddress + keyOffset + 16 * i)))),
    set(a, ops.i64x2ExtractLane(get(mixed), 0)),
    set(b, ops.i64x2ExtractLane(get(mixed), 1)),
    addFolded
  ]),
  set(sum, ops.i64Xor(get(sum), ops.i64ShrU(get(sum), i64(37n)))),
  set(sum, ops.i64Mul(get(sum), i64(0x165667919e3779f9n))),
  set(sum, ops.i64Xor(get(sum), ops.i64ShrU(get(sum), i64(32n)))),
  ops.i64Store(ops.i32Add(get(target), i32(at)), get(sum))
]

const times = (count: number, kind: number): ReadonlyArray<number> => Array.from({ length: count }, () => kind)
const forward = (local: number, bytes: number): Code => set(local, ops.i32Add(get(local), i32(bytes)))

/**
 * `xxh3(address, length, target)` puts the 128-bit hash of at least `longFrom` bytes at `target`, the low half first; seed 0.
 *
 * Source   XXH3_128bits (Yann Collet, xxHash 0.8, BSD-2-Clause), the way of long inputs.
 */
export const xxh3: Routine = {
  name: "xxh3",
  parameters: [kinds.i32, kinds.i32, kinds.i32],
  results: [],
  locals: [...times(2, kinds.i32), ...times(5, kinds.i64), ...times(6, kinds.v128)],
  body: [
    sums.map((each, i) => set(each, v128(...(start[i] ?? [0n, 0n])))),
    set(left, get(length)),
    loop(
      // the last stripe is one that ends where the bytes end: at least a byte is left for it
      when(
        ops.i32GtU(get(left), i32(stripeBytes)),
        accumulate(),
        forward(address, stripeBytes),
        forward(left, -stripeBytes),
        forward(key, 8),
        when(ops.i32Eq(get(key), i32(8 * stripesPerBlock)), set(key, i32(0)), scramble),
        again(1)
      )
    ),
    set(address, ops.i32Sub(ops.i32Add(get(address), get(left)), i32(stripeBytes))),
    set(key, i32(0)),
    accumulate(192 - stripeBytes - 7),
    half(11, ops.i64Mul(ops.i64ExtendI32U(get(length)), i64(prime64[0])), 0),
    half(192 - stripeBytes - 11, ops.i64Xor(ops.i64Mul(ops.i64ExtendI32U(get(length)), i64(prime64[1])), i64(-1n)), 8)
  ]
}
