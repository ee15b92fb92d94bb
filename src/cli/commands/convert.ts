import { Console, Effect } from "effect"
import type { DataKind } from "../../pipeline/data/mod.ts"
import { printJson } from "../printJson.ts"
import { dataBadInput, openSource, sourceData, type SourceOptions, tellLeftOut, tellRows } from "./openSource.ts"

export interface ConvertOptions extends SourceOptions {
  readonly source: string
  readonly out: string
  readonly kind: DataKind | undefined
  readonly columns: "records" | "trl" | "all" | undefined
  readonly json: boolean
}

/**
 * Writes the records of a source in the form that the name of the output says.
 *
 * Fails    BadInput when the source cannot be read or gives no record, or the output's name says no form; ArrowError and
 *          DatasetExportError when it cannot be written.
 */
export const convert = Effect.fn("convert")(function* (options: ConvertOptions) {
  const { cardOf, dataKinds, outputKind, recordsToArrow, shapeText, writeData } = yield* Effect.promise(
    () => import("../../pipeline/data/mod.ts")
  )
  const { columns, kind: wanted, out, source } = options
  yield* dataBadInput(Effect.fromResult(outputKind(out)))
  const data = yield* dataBadInput(openSource(source, options, wanted === undefined ? dataKinds : [wanted]))
  const { counts, kind, lineage, rows } = data
  const quick = columns === undefined || columns === "records" ? yield* recordsToArrow(data, options) : undefined
  if (quick === undefined) {
    const card = cardOf(lineage)
    const write = writeData({ kind, out, card, ...(columns === undefined ? {} : { columns }) })
    yield* dataBadInput(write(tellRows(rows)))
  }
  const written = quick ?? counts()
  yield* tellLeftOut(written)
  if (options.json) return yield* printJson({ out, ...sourceData(data), counts: written })
  const { recordsOut, rowsIn } = written
  yield* Console.log(`Wrote ${recordsOut} ${kind} of ${rowsIn} rows to "${out}" (${shapeText(lineage)})`)
})
