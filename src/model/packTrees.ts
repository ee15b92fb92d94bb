/** Rows by the tokens that are free in them: of those that a tree fills best, the first is found without looking at the others. */
const makeRoom = (limit: number) => {
  const rows = Array.from({ length: limit + 1 }, (): Array<number> => [])
  const unsorted = new Uint8Array(limit + 1)
  /** A bit for each number of free tokens, set where a row has as many. */
  const present = new Int32Array((limit >> 5) + 1)
  const tightest = (size: number): number => {
    let word = size >> 5
    let bits = (present[word] ?? 0) & (-1 << (size & 31))
    while (bits === 0 && ++word < present.length) bits = present[word] ?? 0
    return bits === 0 ? -1 : 32 * word + 31 - Math.clz32(bits & -bits)
  }
  const flip = (free: number) => void (present[free >> 5] = (present[free >> 5] ?? 0) ^ (1 << (free & 31)))
  const put = (row: number, free: number) => {
    if (rows[free]?.push(row) === 1) flip(free)
    unsorted[free] = 1
  }
  /** Takes out the row that a tree of this size fills best; undefined where it fits nowhere. */
  const take = (size: number) => {
    const free = tightest(size)
    const found = rows[free]
    if (!found) return undefined
    if (unsorted[free]) found.sort((a, b) => b - a)
    unsorted[free] = 0
    const row = found.pop() ?? 0
    if (found.length === 0) flip(free)
    return { row, free }
  }
  return { put, take }
}

/**
 * Which trees share a row: best fit, longest first.
 *
 * Units    capacity in tokens; it grows to the longest tree.
 * Domain   100 000 trees in rows of 512 to 131 072 tokens take 0.02 to 0.2 s.
 */
export const packTrees = (
  sizes: ReadonlyArray<number>,
  capacity: number
): { readonly rows: ReadonlyArray<ReadonlyArray<number>>; readonly tokens: number } => {
  const limit = sizes.reduce((longest, size) => Math.max(longest, size), capacity)
  const rows: Array<Array<number>> = []
  const room = makeRoom(limit)
  const order = sizes.map((_, i) => i).toSorted((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b)
  let tokens = 0
  for (const i of order) {
    const size = sizes[i] ?? 0
    const { free, row } = room.take(size) ?? { row: rows.push([]) - 1, free: limit }
    rows[row]?.push(i)
    room.put(row, free - size)
    tokens = Math.max(tokens, limit - free + size)
  }
  return { rows, tokens }
}
