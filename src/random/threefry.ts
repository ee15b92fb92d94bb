/** A 64-bit key as two unsigned 32-bit words. */
export type Key = readonly [number, number]

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const
const parity = 0x1bd11bda

/**
 * Two random 32-bit words, a pure function of a key and a counter.
 *
 * Source   Threefry-2x32 with 20 rounds; Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 * Domain   All four words are unsigned 32-bit integers.
 */
export const threefry = (key: Key, counter: Key): Key => {
  const schedule = [key[0], key[1], (parity ^ key[0] ^ key[1]) >>> 0] as const
  let x = (counter[0] + schedule[0]) >>> 0
  let y = (counter[1] + schedule[1]) >>> 0
  for (let round = 0; round < 20; round++) {
    const rotation = rotations[round & 7] ?? 0
    x = (x + y) >>> 0
    y = (((y << rotation) | (y >>> (32 - rotation))) ^ x) >>> 0
    if ((round & 3) === 3) {
      const turn = (round >> 2) + 1
      x = (x + (schedule[turn % 3] ?? 0)) >>> 0
      y = (y + (schedule[(turn + 1) % 3] ?? 0) + turn) >>> 0
    }
  }
  return [x, y]
}
