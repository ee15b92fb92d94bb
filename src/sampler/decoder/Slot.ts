import type { Growing } from "./Row.ts"

/** A place of the cache. */
export interface Slot {
  readonly index: number
  /** The row that has the slot, while it reads its prompt or grows. */
  row: Growing | undefined
  /** Tokens of a prompt that the slot holds from its beginning on; they stay when the row has left. */
  read: Int32Array
}

/** How many tokens two prompts have in common from the first on. */
export const commonPrefix = (a: Int32Array, b: Int32Array): number => {
  const most = Math.min(a.length, b.length)
  let shared = 0
  while (shared < most && a[shared] === b[shared]) shared++
  return shared
}

/** Below this, reading tokens again is quicker than copying them (tokens). */
const worthCopying = 8

/** The free slot for a prompt, and the slot whose tokens it may take over: the `shared` first ones. */
export const placeOf = (slots: ReadonlyArray<Slot>, prompt: Int32Array) => {
  const common = slots.map(({ read }) => commonPrefix(read, prompt))
  const longest = Math.max(0, ...common)
  const free = slots.filter(({ row }) => row === undefined)
  const kept = longest === 0 ? undefined : free.find(({ index }) => common[index] === longest)
  const target = kept ?? free[0]
  if (target === undefined) return undefined
  const source = slots.find(({ index }) => common[index] === longest) ?? target
  if (kept) return { target, source: kept, shared: longest }
  const worth = longest === prompt.length || longest >= worthCopying
  return worth ? { target, source, shared: longest } : { target, source: target, shared: 0 }
}
