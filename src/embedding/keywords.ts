import { eng } from "stopword"

/** Forms of the words in the list that the list lacks. */
const further =
  "did does done had having hers herself him himself its itself no nor not off our ours own shall she so then theirs these those too upon us very was were will yes yet you your yours"

const silent: ReadonlySet<string> = new Set([...eng, ...further.split(" ")])

const word = /\p{L}[\p{L}\p{M}\p{N}'’-]*/gu

/** Words of a text that may name its topic: in small letters, of two characters or more, none that English uses everywhere. */
export const wordsOf = (text: string): ReadonlyArray<string> =>
  [...text.toLowerCase().matchAll(word)].map(([found]) => found).filter((each) => each.length > 1 && !silent.has(each))

const countWords = (texts: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const text of texts) {
    // once in each text, so that one long text does not name a topic
    for (const each of new Set(wordsOf(text))) counts.set(each, (counts.get(each) ?? 0) + 1)
  }
  return counts
}

/**
 * The words of each class that tell it from the others, the most telling first.
 *
 * Source   Class-based TF-IDF, Grootendorst, arXiv:2203.05794: tf·ln(1 + A/f); tf counts the texts of the class that hold
 *          the word, f all texts that do, A is the mean of Σ tf over classes.
 * Domain   Equal words are in alphabetical order.
 */
export const keywords = (
  classes: ReadonlyArray<ReadonlyArray<string>>,
  options: { readonly perClass: number }
): ReadonlyArray<ReadonlyArray<string>> => {
  const counted = classes.map(countWords)
  const all = new Map<string, number>()
  for (const counts of counted) for (const [each, n] of counts) all.set(each, (all.get(each) ?? 0) + n)
  const mean = [...all.values()].reduce((sum, n) => sum + n, 0) / Math.max(1, classes.length)
  const weight = ([each, n]: readonly [string, number]) => n * Math.log(1 + mean / (all.get(each) ?? 1))
  return counted.map((counts) =>
    [...counts]
      .toSorted((a, b) => weight(b) - weight(a) || (a[0] < b[0] ? -1 : 1))
      .slice(0, options.perClass)
      .map(([each]) => each)
  )
}
