import { Console, Effect, type FileSystem, Schema } from "effect"
import type { ArrowError } from "../../arrow/mod.ts"
import type { CurationReport, Dropped, Steps } from "../../curation/mod.ts"
import type { BenchmarkRowInvalid, DataKind, DataRecord, OpenedData } from "../../pipeline/data/mod.ts"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"
import { type AgainstCounts, type AgainstOptions, openAgainst, SharedRow, sharedRows } from "./openAgainst.ts"
import { dataBadInput, openSource, sourceData, type SourceOptions, tellLeftOut, tellRows } from "./openSource.ts"
import { tokenizerAt } from "./tokenizerAt.ts"
import { withRows } from "./withRows.ts"

export interface FilterOptions extends SourceOptions, AgainstOptions {
  readonly source: string
  readonly rules: string | undefined
  readonly datasetRules: boolean
  readonly out: string
  readonly dropped: string | undefined
  /** File of what rows share with test sets. */
  readonly overlaps: string | undefined
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
  new BadInput({
    message: `Cannot filter: found ${found}, wanted --rules, --dataset-rules with --dataset, or --against`
  })

/** The steps that a person asked for: those of a file, or those of a data set. Fails: BadInput, and as the file does. */
const stepsOf = Effect.fnUntraced(function* ({ against, dataset, datasetRules, rules }: FilterOptions) {
  const { readSteps } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { datasets, findSource } = yield* Effect.promise(() => import("../../dataset/mod.ts"))
  if (rules !== undefined && datasetRules) return yield* unclear("--rules and --dataset-rules")
  if (rules !== undefined) return yield* readSteps(rules)
  if (!datasetRules && against.length > 0) return []
  if (!datasetRules || dataset === undefined)
    return yield* unclear(datasetRules ? "--dataset-rules without --dataset" : "none of them")
  const { filters } = yield* Effect.fromResult(findSource(datasets)(dataset))
  const { decodeSteps } = yield* Effect.promise(() => import("../../curation/mod.ts"))
  return yield* Effect.fromResult(decodeSteps(filters))
})

const nothingLeft = (out: string, { rowsIn, steps }: CurationReport): BadInput => {
  const counts = steps.map(({ dropped, rule }) => `${rule} ${dropped}`).join(", ")
  return new BadInput({ message: `Cannot write "${out}": all ${rowsIn} records were dropped (${counts}), wanted one` })
}

/** A row of the file of what was dropped. */
const DroppedRow = Schema.Struct({ rule: Schema.String, why: Schema.String, record: Schema.Unknown })

/** Writes what the steps leave, what they drop, and what rows share with test sets; gives their report. */
const curateInto = Effect.fnUntraced(function* (options: FilterOptions, data: OpenedData<DataKind>, written: Steps) {
  const { cardOf, writeData } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { curate } = yield* Effect.promise(() => import("../../curation/mod.ts"))
  const { kind, lineage, rows } = data
  const { benchmarks, names, steps, tally } = yield* openAgainst(written, options)
  const counting = yield* tokenizerAt(options.tokenizer)
  const found: Array<CurationReport> = []
  const report = (one: CurationReport) => Effect.sync(() => void found.push(one))
  const write = writeData({ kind, out: options.out, card: cardOf(lineage) })
  yield* withRows(options.dropped, DroppedRow, (drop) =>
    withRows(options.overlaps, SharedRow, (share) => {
      const onDropped = (dropped: ReadonlyArray<Dropped<DataRecord>>) => {
        const shared = sharedRows(dropped)
        for (const row of shared) tally.share(row)
        const reasons = dropped.map(({ row, rule, why }) => ({ rule, why, record: row }))
        return Effect.andThen(drop(reasons), shared.length === 0 ? Effect.void : share(shared))
      }
      const left = curate<DataRecord, ArrowError | BenchmarkRowInvalid, FileSystem.FileSystem>(steps, {
        ...(counting === undefined ? {} : { tokenizer: counting.tokenizer }),
        benchmarks,
        kind: curated[kind],
        report,
        onDropped
      })
      return tellRows(rows).pipe(left, write)
    })
  ).pipe(
    Effect.mapError((error) => {
      const [all] = found
      return error._tag === "OutputError" && all !== undefined && all.rowsIn > 0 ? nothingLeft(options.out, all) : error
    })
  )
  const [all = { rowsIn: 0, rowsOut: 0, steps: [] }] = found
  return { ...all, ...(names.length > 0 ? { against: tally.counts(names) } : {}) }
})

const print = Effect.fnUntraced(function* (
  options: FilterOptions,
  data: OpenedData<DataKind>,
  { against = [], rowsIn, rowsOut, steps }: CurationReport & { readonly against?: ReadonlyArray<AgainstCounts> }
) {
  const { shapeText } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  yield* Console.log(`${data.kind} (${shapeText(data.lineage)}): ${rowsIn} in, ${rowsOut} out`)
  for (const { dropped, examples, rule } of steps) {
    yield* Console.log(`${String(dropped).padStart(8)}  ${rule}`)
    for (const { id, why } of examples) yield* Console.log(`${" ".repeat(10)}"${id}": ${why}`)
  }
  for (const { benchmark, found, items, rows } of against)
    yield* Console.log(`"${benchmark}": ${rows} rows share words with ${found} of its ${items} items`)
  const written = [options.out, options.dropped, options.overlaps].flatMap((path) =>
    path === undefined ? [] : [`"${path}"`]
  )
  yield* Console.log(`Wrote ${written.join(" and ")}`)
})

/**
 * Writes what some rules leave of a source, and says how many records each of them dropped.
 *
 * Fails    BadInput when the source or the rules cannot be read, the rules do not fit the records, or nothing is left;
 *          ArrowError and DatasetExportError when something cannot be written.
 */
export const filter = Effect.fn("filter")(function* (options: FilterOptions) {
  const { dataKinds, outputKind } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { dropped, kind, out, overlaps, source } = options
  const names = Object.entries({ out, dropped, overlaps }).filter(([, path]) => path !== undefined)
  const [[flag, path] = [], [other] = []] = names.filter(([, one]) => names.filter(([, two]) => one === two).length > 1)
  if (flag !== undefined)
    return yield* new BadInput({
      message: `Cannot write "${path}": found it in --${flag} and --${other}, wanted two names`
    })
  yield* dataBadInput(Effect.fromResult(outputKind(out)))
  const steps = yield* dataBadInput(stepsOf(options))
  const data = yield* dataBadInput(openSource(source, options, kind === undefined ? dataKinds : [kind]))
  const report = yield* dataBadInput(curateInto(options, data, steps))
  yield* tellLeftOut(data.counts())
  if (options.json) return yield* printJson({ out, ...sourceData(data), ...report })
  yield* print(options, data, report)
})
