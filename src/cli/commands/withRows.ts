import { Effect } from "effect"
import type { ArrowError, RecordSchema, WriteRows } from "../../arrow/mod.ts"

/** Runs `use` with what appends rows to a file of JSON lines, where one was named; without one, rows go nowhere. */
export const withRows = Effect.fnUntraced(function* <Row, A, E, R>(
  path: string | undefined,
  schema: RecordSchema<Row>,
  use: (write: (rows: ReadonlyArray<Row>) => Effect.Effect<void, ArrowError>) => Effect.Effect<A, E, R>
) {
  if (path === undefined) return yield* use(() => Effect.void)
  const { withJsonLines } = yield* Effect.promise(() => import("../../arrow/mod.ts"))
  return yield* withJsonLines(path, schema, (write: WriteRows<Row>) => use(write))
})
