import { Effect } from "effect"
import { openArrow } from "./openArrow.ts"

/**
 * The key and value strings kept in the schema of an Arrow IPC file.
 *
 * Fails    ArrowError (FileMissing, FileRefused, NotArrow, FileTruncated, FileDamaged)
 */
export const readArrowMetadata = (path: string) =>
  openArrow(path).pipe(
    Effect.map(({ schema }): Readonly<Record<string, string>> => Object.fromEntries(schema.metadata)),
    Effect.scoped
  )
