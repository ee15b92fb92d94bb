import type { RecordBatch } from "apache-arrow"

/**
 * Asks of a row of a batch whether it is kept, looking at columns alone. The batch may still grow: a row that is asked for
 * is there, whatever the batch says of its length.
 */
export type RowRule = (batch: RecordBatch) => (row: number) => boolean
