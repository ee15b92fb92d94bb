import { makeNearIndex, type NearOptions } from "./makeNearIndex.ts"

/** The first member of each one's cluster, with the paths shortened on the way. */
const rootOf = (parents: Int32Array, member: number): number => {
  let root = member
  while (parents[root] !== root) {
    const above = parents[parents[root] ?? root] ?? root
    parents[root] = above
    root = above
  }
  return root
}

/**
 * For each text, the number of the first text of its cluster: texts are in one cluster where a chain of near texts links
 * them (union-find). A text that is alone is its own first.
 *
 * Units    memory: that of the index, for all texts.
 */
export const clusterNear = (texts: ReadonlyArray<string>, options: NearOptions): Int32Array => {
  const index = makeNearIndex(options)
  const parents = Int32Array.from(texts, (_, i) => i)
  const added: Array<number> = []
  texts.forEach((text, i) => {
    const ready = index(text)
    if (ready === undefined) return
    for (const { at } of ready.nears()) {
      const one = rootOf(parents, added[at] ?? i)
      const other = rootOf(parents, i)
      parents[Math.max(one, other)] = Math.min(one, other)
    }
    ready.add()
    added.push(i)
  })
  return parents.map((_, i) => rootOf(parents, i))
}
