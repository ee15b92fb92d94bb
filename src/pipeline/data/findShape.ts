import { Effect, Result } from "effect"
import type { RawRow } from "../../arrow/mod.ts"
import {
  DatasetError,
  DatasetUnfit,
  detectFormat,
  type Format,
  formats,
  KindUnsupported,
  RowsMissing,
  type RowReader,
  RowUnfit,
  type Source
} from "../../dataset/mod.ts"
import type { DataKind, DataKinds } from "./DataSource.ts"
import { readDatasetShape, readFormat, type ReadShape } from "./readShape.ts"

/** What rows are, and how they become records. */
export interface DataShape<K extends DataKind> {
  readonly kind: K
  readonly read: ReadShape
  readonly lineage: { readonly format: string; readonly detected?: true } | { readonly dataset: string }
}

/** The rows that a shape is told by: those at the front of the first file. */
export interface FrontRows {
  readonly path: string
  readonly rows: ReadonlyArray<RawRow>
  readonly onError: "stop" | "skip"
}

const table: Readonly<Record<string, Format>> = formats

/** A prompt alone, of a record that has more. */
const promptOf = ({ messages, promptId }: DataKinds["prompts"]): DataKinds["prompts"] => ({ promptId, messages })

/** The layout of a named data set, its records as one of the kinds that are wanted; all of them may serve as prompts. */
export const datasetShape = <K extends DataKind>(
  path: string,
  dataset: string,
  source: Source,
  kinds: ReadonlyArray<K>
): Result.Result<DataShape<K>, DatasetError> => {
  const lineage = { dataset }
  const own = kinds.find((kind) => kind === source.kind)
  if (own !== undefined) return Result.succeed({ kind: own, read: readDatasetShape(dataset, source), lineage })
  const prompts = kinds.find((kind) => kind === "prompts")
  if (prompts === undefined)
    return Result.fail(
      new DatasetError({ path, reason: new DatasetUnfit({ dataset, found: source.kind, wanted: kinds }) })
    )
  const read: typeof source.read = (value, id) =>
    Result.map(source.read(value, id), ({ dropped, records }) => ({ dropped, records: records.map(promptOf) }))
  return Result.succeed({ kind: prompts, read: readDatasetShape(dataset, { ...source, read }), lineage })
}

const kindAmong = <K extends DataKind>(format: string, kinds: ReadonlyArray<K>, front: FrontRows) => {
  const fail = (reason: DatasetError["reason"]) => Result.fail(new DatasetError({ path: front.path, reason }))
  const given = kinds.flatMap((kind) => {
    const read: RowReader<DataKinds[K]> | undefined = readerOf(table[format] ?? {}, kind)
    return read === undefined ? [] : [{ kind, read }]
  })
  const [only, other] = given
  if (only === undefined) {
    const known = Object.keys(table).filter((name) => kinds.some((kind) => table[name]?.[kind]))
    return fail(new KindUnsupported({ format, kind: kinds.join(" or "), known }))
  }
  if (other === undefined) return Result.succeed(only)
  const asked = front.onError === "stop" ? front.rows.slice(0, 1) : front.rows
  for (const row of asked) {
    const found = given.find(({ read }) => Result.isSuccess(read(row.value, "row")))
    if (found !== undefined) return Result.succeed(found)
  }
  const [first] = asked
  if (first === undefined) return fail(new RowsMissing())
  const issues = given.flatMap(({ kind, read }) => {
    const result = read(first.value, "row")
    return Result.isFailure(result) ? [`as ${kind}, ${result.failure}`] : []
  })
  const { number, place } = first
  return fail(new RowUnfit({ format, place, number, issues: issues.join("; ") }))
}

/** The reader of one kind of record of a format. */
const readerOf = <K extends DataKind>(
  format: { readonly [P in DataKind]?: RowReader<DataKinds[P]> },
  kind: K
): RowReader<DataKinds[K]> | undefined => format[kind]

/**
 * The format that was told, or the one that the front rows fit; and the first of the wanted kinds that the first row is.
 *
 * Fails    DatasetError: FormatUnclear, KindUnsupported, RowUnfit, RowsMissing
 */
export const formatShape = Effect.fnUntraced(function* <K extends DataKind>(
  told: string | undefined,
  kinds: ReadonlyArray<K>,
  front: FrontRows
) {
  const values = front.rows.map(({ value }) => value)
  const found = told === undefined ? detectFormat(table)(values) : Result.succeed(told)
  if (Result.isFailure(found)) return yield* new DatasetError({ path: front.path, reason: found.failure })
  const format = found.success
  const { kind, read } = yield* Effect.fromResult(kindAmong(format, kinds, front))
  const lineage = { format, ...(told === undefined ? { detected: true as const } : {}) }
  const shape: DataShape<K> = { kind, read: readFormat(format, read), lineage }
  return shape
})
