import type { RecordBatch } from "apache-arrow"

/** Asks of a row of a batch whether it is kept, looking at columns alone. */
export type RowRule = (batch: RecordBatch) => (row: number) => boolean
