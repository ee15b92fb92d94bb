import { Effect, Result } from "effect"
import type { RecordSchema } from "../../arrow/mod.ts"
import { recordSchemas } from "../../dataset/mod.ts"
import type { DataCounts } from "./DataCounts.ts"
import type { DataKind, DataKinds } from "./DataSource.ts"
import type { OpenedData } from "./openData.ts"
import { outputKind } from "./writeData.ts"

const schemas: { readonly [K in DataKind]: RecordSchema<DataKinds[K]> } = recordSchemas

/**
 * Writes JSON lines that already are our records to Arrow without an object for each row, and says what became of the rows;
 * undefined, and nothing written, where rows must be read one by one: other shapes and forms, a limit, a row that is refused.
 *
 * Domain   of a key that comes twice in a row, the last counts.
 * Fails    ArrowError of writing
 */
export const recordsToArrow = Effect.fn("recordsToArrow")(function* <K extends DataKind>(
  { kind, lineage }: Pick<OpenedData<K>, "kind" | "lineage">,
  { limit, out }: { readonly limit?: number | undefined; readonly out: string }
) {
  const [file = "", other] = lineage.files
  const isQuick =
    lineage.format === "records" &&
    other === undefined &&
    /\.(jsonl|ndjson)$/.test(file) &&
    limit === undefined &&
    Result.getOrElse(outputKind(out), () => "folder") === "arrow"
  if (!isQuick) return undefined
  const schema = schemas[kind]
  const { convertColumns } = yield* Effect.promise(() => import("../../arrow/json/mod.ts"))
  const written = yield* convertColumns({ from: file, to: out, schema, rules: {} }).pipe(
    Effect.catchIf(
      ({ action }) => action === "read",
      () => Effect.succeed({ rows: 0, batches: 0 })
    )
  )
  const { rows } = written
  if (rows === 0) return undefined
  const counts: DataCounts = { rowsIn: rows, recordsOut: rows, skipped: {}, dropped: {}, added: 0, scattered: 0 }
  return counts
})
