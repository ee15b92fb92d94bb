/** What went into a file. */
export interface Written {
  readonly rows: number
  readonly batches: number
}
