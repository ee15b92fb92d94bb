import { type Key, threefry } from "./threefry.ts"

/**
 * A uniform number in [0, 1), the `index`-th under `key`.
 *
 * Units   A multiple of 2⁻²⁴, so that it is exact in float32.
 */
export const uniform = (key: Key, index: number): number => (threefry(key, [index >>> 0, 0])[0] >>> 8) / 2 ** 24

/**
 * A standard normal number, the `index`-th under `key`.
 *
 * Source   Box and Muller: √(−2 ln u)·cos(2πv).
 */
export const normal = (key: Key, index: number): number => {
  const [first, second] = threefry(key, [index >>> 0, 1])
  return Math.sqrt(-2 * Math.log((first + 1) / 2 ** 32)) * Math.cos((2 * Math.PI * second) / 2 ** 32)
}

/** The integers 0 … count − 1 in an order that depends on `key` alone (Fisher and Yates). */
export const permutation = (key: Key, count: number): Int32Array => {
  const order = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform(key, i) * (i + 1))
    const held = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = held
  }
  return order
}
