/** Rows of token ids of one length, filled up with 0, and 1 where a token is real. Shapes: [rows, tokens] each. */
export interface TextBlock {
  readonly rows: number
  readonly tokens: number
  readonly ids: BigInt64Array<ArrayBuffer>
  readonly real: Float32Array<ArrayBuffer>
}

/** Groups of indices of texts of about the same length, the longest first: at most `batchTokens` in a group when filled up. */
export const groupTexts = (
  texts: ReadonlyArray<ArrayLike<number>>,
  batchTokens: number
): ReadonlyArray<ReadonlyArray<number>> => {
  const lengthOf = (i: number) => texts[i]?.length ?? 0
  const order = texts.map((_, i) => i).toSorted((a, b) => lengthOf(b) - lengthOf(a) || a - b)
  const groups: Array<ReadonlyArray<number>> = []
  for (let from = 0; from < order.length;) {
    const rows = Math.max(1, Math.floor(batchTokens / Math.max(1, lengthOf(order[from] ?? 0))))
    groups.push(order.slice(from, from + rows))
    from += rows
  }
  return groups
}

/** Texts as one block. */
export const layoutTexts = (texts: ReadonlyArray<ArrayLike<number>>): TextBlock => {
  const tokens = texts.reduce((longest, { length }) => Math.max(longest, length), 0)
  const ids = new BigInt64Array(texts.length * tokens)
  const real = new Float32Array(texts.length * tokens)
  texts.forEach((text, row) => {
    for (let i = 0; i < text.length; i++) {
      ids[row * tokens + i] = BigInt(text[i] ?? 0)
      real[row * tokens + i] = 1
    }
  })
  return { rows: texts.length, tokens, ids, real }
}
