import type { FileSystem, Stream } from "effect"
import type { Batch } from "./Batch.ts"
import type { ArrowError } from "./errors.ts"
import { readArrow } from "./readArrow.ts"
import { readJsonLines } from "./readJsonLines.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/**
 * The batches of a file of records: Arrow IPC where its name ends in `.arrow`, else one JSON object per line.
 *
 * Fails    ArrowError
 */
export const readRecords = <A>(
  path: string,
  schema: RecordSchema<A>
): Stream.Stream<Batch<A>, ArrowError, FileSystem.FileSystem> =>
  path.endsWith(".arrow") ? readArrow(path, schema) : readJsonLines(path, schema)
