/** Rows as runs of neighbours: where each run starts and stops, in turn; and how many rows there are. */
export interface RowRuns {
  readonly bounds: Int32Array
  readonly count: number
}

/** Rising numbers as runs. */
export const runsOf = (rows: ReadonlyArray<number>): RowRuns => {
  const bounds: Array<number> = []
  for (let i = 0; i < rows.length;) {
    const start = rows[i] ?? 0
    let stop = start + 1
    while (rows[++i] === stop) stop++
    bounds.push(start, stop)
  }
  return { bounds: Int32Array.from(bounds), count: rows.length }
}
