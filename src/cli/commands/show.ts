import { Console, Effect, Stream } from "effect"
import type { Message } from "../../../schemas/mod.ts"
import type { DataKind, DataRecord, OpenedData } from "../../pipeline/data/mod.ts"
import { printJson } from "../printJson.ts"
import { dataBadInput, openSource, sourceData, type SourceOptions, tellLeftOut } from "./openSource.ts"

export interface ShowOptions extends SourceOptions {
  readonly sources: ReadonlyArray<string>
  readonly kind: DataKind | undefined
  readonly rows: number
  readonly json: boolean
}

/** Longest text of a column that is printed. Units: characters. */
const longest = 200

const cut = (text: string): string => {
  const line = text.replaceAll("\n", "⏎")
  return line.length > longest ? `${line.slice(0, longest)}… (${text.length} characters)` : line
}

const messageLine = ({ content, role }: Message): string => cut(`${role}: ${content}`)

/** The columns that some of the records have. */
const columnsOf = (records: ReadonlyArray<DataRecord>): ReadonlyArray<string> => [
  ...new Set(records.flatMap((record) => Object.keys(record)))
]

const recordLines = ({ messages, ...rest }: DataRecord, width: number): ReadonlyArray<string> => {
  const cells = Object.entries(rest).map(([name, value]) => `${name.padEnd(width)}  ${cut(String(value))}`)
  const [id, ...others] = cells
  const said = messages.map((message, i) => `${(i === 0 ? "messages" : "").padEnd(width)}  ${messageLine(message)}`)
  return [id ?? "", ...said, ...others]
}

const print = Effect.fnUntraced(function* (
  data: OpenedData<DataKind>,
  records: ReadonlyArray<DataRecord>,
  isFirst: boolean
) {
  const { placeText, shapeText } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const columns = columnsOf(records)
  const width = Math.max(...columns.map(({ length }) => length))
  const head = [
    ...(isFirst ? [] : [""]),
    placeText(data.lineage),
    `${data.kind}, ${shapeText(data.lineage)}`,
    `columns ${columns.join(", ")}`
  ]
  yield* Console.log(head.join("\n"))
  for (const record of records) yield* Console.log(`\n${recordLines(record, width).join("\n")}`)
})

/**
 * Shows the first records of some sources.
 *
 * Fails    BadInput when a source cannot be read, or its shape cannot be told.
 */
export const show = Effect.fn("show")(function* (options: ShowOptions) {
  const { dataKinds } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const kinds = options.kind === undefined ? dataKinds : [options.kind]
  for (const [i, path] of options.sources.entries()) {
    const data = yield* dataBadInput(openSource(path, options, kinds))
    const records = yield* dataBadInput(Stream.runCollect(Stream.take(data.rows, options.rows)))
    if (options.json) yield* printJson({ ...sourceData(data), columns: columnsOf(records), records })
    else yield* print(data, records, i === 0)
    yield* tellLeftOut(data.counts())
  }
})
