const isUpper = (code: number): boolean => code >= 65 && code <= 90
const isLetterOrDigit = (code: number): boolean =>
  (code >= 97 && code <= 122) || isUpper(code) || (code >= 48 && code <= 57)

/** Scripts that write without spaces count character by character. */
const spaceless = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}`
const wordPattern = new RegExp(String.raw`[${spaceless}]|(?:(?![${spaceless}])[\p{L}\p{M}\p{N}])+`, "gu")

/** The words of a text in lower case and compatibility form (NFKC): runs of letters, marks and digits. */
export const normalWords = (text: string): ReadonlyArray<string> =>
  text.normalize("NFKC").toLowerCase().match(wordPattern) ?? []

const basis = 0x811c9dc5
const step = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193)

/** Spreads a hash over all 32 bits. */
export const spread = (hash: number): number => {
  let x = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

const hashOf = (word: string): number => {
  let hash = basis
  for (let i = 0; i < word.length; i++) hash = step(hash, word.charCodeAt(i))
  return spread(hash)
}

/** Hashes of ASCII words without making the words; nothing where the text holds another character. */
const asciiHashes = (text: string): Int32Array | undefined => {
  const hashes = new Int32Array((text.length + 1) >> 1)
  let count = 0
  let hash = basis
  let open = false
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 32
    if (code > 127) return undefined
    if (isLetterOrDigit(code)) {
      hash = step(hash, isUpper(code) ? code | 32 : code)
      open = true
    } else if (open) {
      hashes[count++] = spread(hash)
      hash = basis
      open = false
    }
  }
  return hashes.subarray(0, count)
}

/** One 32-bit hash for each of the words that `normalWords` gives, in order. */
export const wordHashes = (text: string): Int32Array => asciiHashes(text) ?? Int32Array.from(normalWords(text), hashOf)
