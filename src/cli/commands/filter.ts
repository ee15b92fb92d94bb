import { Console, Effect, Schema } from "effect"
import type { ArrowError } from "../../arrow/mod.ts"
import type { CurationReport, Dropped, Steps } from "../../curation/mod.ts"
import type { DataKind, DataRecord, OpenedData } from "../../pipeline/data/mod.ts"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"
import { dataBadInput, openSource, sourceData, type SourceOptions, tellLeftOut, tellRows } from "./openSource.ts"

export interface FilterOptions extends SourceOptions {
  readonly source: string
  readonly rules: string | undefined
  readonly datasetRules: boolean
  readonly out: string
  readonly dropped: string | undefined
  readonly tokenizer: string | undefined
  readonly kind: DataKind | undefined
  readonly json: boolean
}

/** What rules call the records of each kind; a judged response is read as a demonstration. */
const curated = {
  judged: "demonstrations",
  preferences: "comparisons",
  demonstrations: "demonstrations",
  prompts: "prompts"
} as const

const unclear = (found: string) =>
  new BadInput({ message: `Cannot filter: found ${found}, wanted --rules, or --dataset-rules with --dataset` })

/** The steps that a person asked for: those of a file, or those of a data set. Fails: BadInput, and as the file does. */
const stepsOf = Effect.fnUntraced(function* ({ dataset, datasetRules, rules }: FilterOptions) {
  const { readSteps } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { datasets, findSource } = yield* Effect.promise(() => import("../../dataset/mod.ts"))
  if (rules !== undefined && datasetRules) return yield* unclear("--rules and --dataset-rules")
  if (rules !== undefined) return yield* readSteps(rules)
  if (!datasetRules || dataset === undefined)
    return yield* unclear(datasetRules ? "--dataset-rules without --dataset" : "none of them")
  const { filters } = yield* Effect.fromResult(findSource(datasets)(dataset))
  const { decodeSteps } = yield* Effect.promise(() => import("../../curation/mod.ts"))
  return yield* Effect.fromResult(decodeSteps(filters))
})

const tokenizerOf = Effect.fnUntraced(function* (folder: string | undefined) {
  if (folder === undefined) return {}
  const { openTokenizer } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  return { tokenizer: yield* openTokenizer(folder) }
})

const nothingLeft = (out: string, { rowsIn, steps }: CurationReport): BadInput => {
  const counts = steps.map(({ dropped, rule }) => `${rule} ${dropped}`).join(", ")
  return new BadInput({ message: `Cannot write "${out}": all ${rowsIn} records were dropped (${counts}), wanted one` })
}

/** A row of the file of what was dropped. */
const DroppedRow = Schema.Struct({ rule: Schema.String, why: Schema.String, record: Schema.Unknown })

/** What hears of dropped rows. */
type OnDropped<E> = (dropped: ReadonlyArray<Dropped<DataRecord>>) => Effect.Effect<void, E>

/** Runs `use` with what writes dropped rows to a file, where one was named. */
const withDropped = Effect.fnUntraced(function* <A, E, R>(
  path: string | undefined,
  use: (onDropped: OnDropped<ArrowError>) => Effect.Effect<A, E, R>
) {
  if (path === undefined) return yield* use(() => Effect.void)
  const { withJsonLines } = yield* Effect.promise(() => import("../../arrow/mod.ts"))
  return yield* withJsonLines(path, DroppedRow, (write) =>
    use((dropped) => write(dropped.map(({ row, rule, why }) => ({ rule, why, record: row }))))
  )
})

/** Writes what the steps leave, and what they drop; gives their report. */
const curateInto = Effect.fnUntraced(function* (options: FilterOptions, data: OpenedData<DataKind>, steps: Steps) {
  const { cardOf, writeData } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { curate } = yield* Effect.promise(() => import("../../curation/mod.ts"))
  const { kind, lineage, rows } = data
  const counting = yield* tokenizerOf(options.tokenizer)
  const found: Array<CurationReport> = []
  const report = (one: CurationReport) => Effect.sync(() => void found.push(one))
  const write = writeData({ kind, out: options.out, card: cardOf(lineage) })
  yield* withDropped(options.dropped, (onDropped) =>
    tellRows(rows).pipe(curate(steps, { ...counting, kind: curated[kind], report, onDropped }), write)
  ).pipe(
    Effect.mapError((error) => {
      const [all] = found
      return error._tag === "OutputError" && all !== undefined && all.rowsIn > 0 ? nothingLeft(options.out, all) : error
    })
  )
  return found[0] ?? { rowsIn: 0, rowsOut: 0, steps: [] }
})

const print = Effect.fnUntraced(function* (
  options: FilterOptions,
  data: OpenedData<DataKind>,
  { rowsIn, rowsOut, steps }: CurationReport
) {
  const { shapeText } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  yield* Console.log(`${data.kind} (${shapeText(data.lineage)}): ${rowsIn} in, ${rowsOut} out`)
  for (const { dropped, examples, rule } of steps) {
    yield* Console.log(`${String(dropped).padStart(8)}  ${rule}`)
    for (const { id, why } of examples) yield* Console.log(`${" ".repeat(10)}"${id}": ${why}`)
  }
  yield* Console.log(`Wrote "${options.out}"${options.dropped === undefined ? "" : ` and "${options.dropped}"`}`)
})

/**
 * Writes what some rules leave of a source, and says how many records each of them dropped.
 *
 * Fails    BadInput when the source or the rules cannot be read, the rules do not fit the records, or nothing is left;
 *          ArrowError and DatasetExportError when something cannot be written.
 */
export const filter = Effect.fn("filter")(function* (options: FilterOptions) {
  const { dataKinds, outputKind } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { dropped, kind, out, source } = options
  if (dropped === out)
    return yield* new BadInput({ message: `Cannot write "${out}": found it in --out and --dropped, wanted two names` })
  yield* dataBadInput(Effect.fromResult(outputKind(out)))
  const steps = yield* dataBadInput(stepsOf(options))
  const data = yield* dataBadInput(openSource(source, options, kind === undefined ? dataKinds : [kind]))
  const report = yield* dataBadInput(curateInto(options, data, steps))
  yield* tellLeftOut(data.counts())
  if (options.json) return yield* printJson({ out, ...sourceData(data), ...report })
  yield* print(options, data, report)
})
