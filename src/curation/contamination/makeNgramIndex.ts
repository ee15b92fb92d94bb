import { makeBuckets } from "../near/makeBuckets.ts"
import { normalWords, wordHashes } from "../text/wordHashes.ts"

/** A run of words that a text shares with an item of a test set. */
export interface Overlap<Id> {
  readonly item: Id
  readonly ngram: string
}

const sameWords = (a: Int32Array, from: number, b: Int32Array, at: number, size: number): boolean => {
  for (let i = 0; i < size; i++) if (a[from + i] !== b[at + i]) return false
  return true
}

const hashOf = (words: Int32Array, at: number, length: number): number => {
  let hash = length
  for (let i = at; i < at + length; i++) hash = Math.imul(hash, 0x01000193) ^ (words[i] ?? 0)
  return hash
}

/** Where the runs of `size` words begin: one run where there are fewer words, none where there is no word. */
const starts = (words: Int32Array, size: number): number =>
  words.length === 0 ? 0 : Math.max(1, words.length - size + 1)

/**
 * The runs of `size` normal words of test sets. An item of fewer words is found only where a text is the same words and
 * no more.
 *
 * Units    memory: 4 bytes for each word of the items, 20 to 40 for each run.
 */
export const makeNgramIndex = <Id = string>(size: number) => {
  const buckets = makeBuckets()
  const items: Array<{ readonly id: Id; readonly words: Int32Array }> = []
  const places: Array<readonly [item: number, at: number, length: number]> = []

  const find = (words: Int32Array, at: number, length: number): Id | undefined => {
    for (let member = buckets.first(hashOf(words, at, length)); member >= 0; member = buckets.before(member)) {
      const [item, from, width] = places[member] ?? [0, 0, 0]
      const found = items[item]
      if (found !== undefined && width === length && sameWords(found.words, from, words, at, length)) return found.id
    }
    return undefined
  }
  return {
    add: (id: Id, text: string): void => {
      const words = wordHashes(text)
      const length = Math.min(size, words.length)
      const item = items.push({ id, words }) - 1
      for (let at = 0; at < starts(words, size); at++) {
        if (find(words, at, length) !== undefined) continue
        buckets.add(hashOf(words, at, length))
        places.push([item, at, length])
      }
    },
    /** The first run that a text shares with an item. */
    overlap: (text: string): Overlap<Id> | undefined => {
      const words = wordHashes(text)
      const length = Math.min(size, words.length)
      for (let at = 0; at < starts(words, size); at++) {
        const item = find(words, at, length)
        if (item !== undefined) {
          return {
            item,
            ngram: normalWords(text)
              .slice(at, at + length)
              .join(" ")
          }
        }
      }
      return undefined
    }
  }
}
