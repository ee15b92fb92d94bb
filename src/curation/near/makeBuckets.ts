const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
  const wider = new Int32Array(old.length * 2).fill(-1)
  wider.set(old)
  return wider
}

/**
 * Members by hash: chains in typed arrays, the latest member first. A chain may hold members of other hashes.
 *
 * Units    memory: 8 to 16 bytes for each member.
 */
export const makeBuckets = () => {
  let heads = new Int32Array(1024).fill(-1)
  let next = new Int32Array(1024).fill(-1)
  let hashes = new Int32Array(1024)
  let count = 0
  const link = (member: number) => {
    const slot = (hashes[member] ?? 0) & (heads.length - 1)
    next[member] = heads[slot] ?? -1
    heads[slot] = member
  }
  const grow = () => {
    next = grown(next)
    hashes = grown(hashes)
    heads = new Int32Array(heads.length * 2).fill(-1)
    for (let member = 0; member < count; member++) link(member)
  }
  return {
    /** Puts in the next member: they count from 0. */
    add: (hash: number): void => {
      if (count === heads.length) grow()
      hashes[count] = hash
      link(count++)
    },
    /** The latest member with a hash, or −1. */
    first: (hash: number): number => {
      let member = heads[hash & (heads.length - 1)] ?? -1
      while (member >= 0 && hashes[member] !== hash) member = next[member] ?? -1
      return member
    },
    /** The member with the same hash before this one, or −1. */
    before: (member: number): number => {
      const hash = hashes[member]
      let other = next[member] ?? -1
      while (other >= 0 && hashes[other] !== hash) other = next[other] ?? -1
      return other
    }
  }
}
