import { Effect, type FileSystem, Stream } from "effect"
import { ArrowError, KindDiffers } from "../errors.ts"
import { fileKinds } from "./fileKinds.ts"
import { openSource } from "./openSource.ts"
import type { Table } from "./Table.ts"

/**
 * The columns of a Parquet or Arrow file, a row group or record batch at a time, without an object for each row.
 *
 * Domain   `columns` are the names that are wanted, all unless told. Values are as the file has them: integers of 64
 *          bits stay bigints.
 * Fails    ArrowError
 */
export const readTables = (
  path: string,
  columns?: ReadonlyArray<string>
): Stream.Stream<Table, ArrowError, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const source = yield* openSource(path, columns === undefined ? {} : { columns })
      const { kind } = source
      // what reads either kind is loaded when it is first needed
      if (kind === "parquet") return (yield* Effect.promise(() => import("./parquetTables.ts"))).parquetTables(source)
      if (kind === "arrow") return (yield* Effect.promise(() => import("./arrowTables.ts"))).arrowTables(source)
      const reason = new KindDiffers({ found: fileKinds[kind].title, wanted: "Parquet or Arrow IPC" })
      return Stream.fail(new ArrowError({ action: "read", path, reason }))
    })
  ).pipe(Stream.mapEffect((found) => Effect.mapError(Effect.fromResult(found), ({ error }) => error)))
