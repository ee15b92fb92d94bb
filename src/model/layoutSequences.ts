/** A tokenized prompt and response. `promptLength` is at least 1 and less than the number of ids. */
export interface Sequence {
  readonly ids: Int32Array
  readonly promptLength: number
  /** 1 for each id on which the loss is taken; absent: every id after `promptLength`. */
  readonly learned?: Uint8Array
}

/** Sequences laid out as the inputs of the graphs over whole sequences. */
export interface Layout {
  readonly rows: number
  readonly tokens: number
  /** Shapes: [rows, tokens], padded on the right with 0, which no real token sees. */
  readonly ids: BigInt64Array<ArrayBuffer>
  /** Flat index of the token before each response token. Shapes: [selected]. */
  readonly select: BigInt64Array<ArrayBuffer>
  /** The response tokens. Shapes: [selected, 1]. */
  readonly targets: BigInt64Array<ArrayBuffer>
  /** Where the response tokens of each row begin in `select`, and after the last row where they end. Shapes: [rows + 1]. */
  readonly starts: Int32Array
  /** Flat index of the last real token of each row. Shapes: [rows]. */
  readonly last: BigInt64Array<ArrayBuffer>
}

/** Lays sequences side by side, each padded on the right to the longest. */
export const layoutSequences = (sequences: ReadonlyArray<Sequence>): Layout => {
  const rows = sequences.length
  const tokens = sequences.reduce((longest, { ids }) => Math.max(longest, ids.length), 0)
  const selected = sequences.reduce((sum, { ids, promptLength }) => sum + ids.length - promptLength, 0)
  const ids = new BigInt64Array(rows * tokens)
  const select = new BigInt64Array(selected)
  const targets = new BigInt64Array(selected)
  const starts = new Int32Array(rows + 1)
  const last = new BigInt64Array(rows)
  let filled = 0
  sequences.forEach((sequence, row) => {
    const base = row * tokens
    sequence.ids.forEach((id, token) => {
      ids[base + token] = BigInt(id)
      if (token < sequence.promptLength) return
      select[filled] = BigInt(base + token - 1)
      targets[filled] = BigInt(id)
      filled += 1
    })
    starts[row + 1] = filled
    last[row] = BigInt(base + sequence.ids.length - 1)
  })
  return { rows, tokens, ids, select, targets, starts, last }
}

/**
 * Which response tokens belong to which of some rows.
 *
 * Shapes   [rows.length, selected], 1 where the token belongs to the row.
 */
export const membership = (layout: Layout, rows: ReadonlyArray<number>): Float32Array<ArrayBuffer> => {
  const selected = layout.select.length
  const member = new Float32Array(rows.length * selected)
  rows.forEach((row, group) => {
    const begin = group * selected
    member.fill(1, begin + (layout.starts[row] ?? 0), begin + (layout.starts[row + 1] ?? 0))
  })
  return member
}
