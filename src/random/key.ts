import { type Key, threefry } from "./threefry.ts"

const words = (data: number | string): Key => {
  if (typeof data === "number") return [data >>> 0, Math.floor(data / 2 ** 32) >>> 0]
  let key: Key = [data.length, 0x74657874]
  for (let i = 0; i < data.length; i += 2) key = threefry(key, [data.charCodeAt(i), data.charCodeAt(i + 1) >>> 0])
  return key
}

/**
 * The key of a path such as (seed, iteration, prompt, sample): each part is folded into the key of the parts before it.
 *
 * Domain   Numbers are integers of at most 53 bits; strings are compared by code unit.
 */
export const key = (...path: ReadonlyArray<number | string>): Key =>
  path.reduce<Key>(
    (parent, data) => threefry(threefry(parent, [typeof data === "number" ? 0 : 1, 0]), words(data)),
    [0, 0]
  )
