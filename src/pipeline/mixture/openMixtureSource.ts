import { Effect, Stream } from "effect"
import type { RecordSchema } from "../../arrow/mod.ts"
import { curate, type Resources, shuffle } from "../../curation/mod.ts"
import type { ExportKinds } from "../../dataset/mod.ts"
import { key, threefry } from "../../random/mod.ts"
import { curatedKinds, filtersOf, knownOf } from "./filtersOf.ts"
import { inputFiles } from "./inputFiles.ts"
import type { MixKind } from "./MixKind.ts"
import type { MixtureFile } from "./MixtureFile.ts"
import { labelOf, type MixtureSource } from "./MixtureSource.ts"
import type { SourceReport } from "./MixReport.ts"
import { placedSource } from "../data/placedSource.ts"
import { placeText } from "../data/DataLineage.ts"
import { openData } from "../data/openData.ts"
import { RuleCounts } from "./RuleCounts.ts"

/** What a source is opened with. */
export interface OpenMixtureSource<K extends MixKind, E, R> {
  readonly file: MixtureFile
  readonly kind: K
  readonly schema: RecordSchema<ExportKinds[K]>
  readonly onError: "stop" | "skip"
  /** Where a random draw puts its temporary files. */
  readonly folder: string
  readonly resources: Resources<E, R>
}

/** What was counted in the first run of a source: a later one, where it begins again, may stop before its end. */
type FirstRun = Pick<SourceReport, "rowsIn" | "skipped" | "unread" | "records" | "filters" | "kept">

/**
 * Opens a source: its rows through its filters, in the order in which they are mixed, and what is told of it afterwards.
 *
 * Fails    DataError, CurationError, ArrowError; PlatformError where a file cannot be read
 */
export const openMixtureSource = Effect.fnUntraced(function* <K extends MixKind, E, R>(
  source: MixtureSource,
  { file, folder, kind, onError, resources, schema }: OpenMixtureSource<K, E, R>
) {
  const name = labelOf(source)
  const steps = filtersOf(source, kind)
  const opened = yield* openData({ source: placedSource(source), kind, onError })
  let first: FirstRun | undefined
  const filtered = Stream.suspend(() => {
    const rules = new RuleCounts(steps)
    let kept = 0
    const told = (): FirstRun => {
      const { dropped, recordsOut, rowsIn, skipped } = opened.counts()
      const reasons = Object.entries(skipped).map(([reason, { rows }]) => [reason, rows])
      return {
        rowsIn,
        skipped: Object.fromEntries(reasons),
        unread: dropped,
        records: recordsOut,
        filters: rules.counts(),
        kept
      }
    }
    return opened.rows.pipe(
      curate<ExportKinds[K], E, R>(steps, {
        ...resources,
        kind: curatedKinds[kind],
        report: () => Effect.void,
        onDropped: rules.drop
      }),
      Stream.mapArray((rows) => {
        kept += rows.length
        return rows
      }),
      Stream.ensuring(Effect.sync(() => (first ??= told())))
    )
  })
  const seed = threefry(key(file.seed, "pick", name), [0, 0])[0]
  const drawn = shuffle(schema, { seed, folder, memory: file.shuffle.memory })
  const rows = source.pick === "random" ? drawn(filtered) : filtered
  const { id, sha } = opened.lineage
  const report = {
    name,
    place: placeText(opened.lineage),
    ...(source.dataset === undefined ? {} : { dataset: source.dataset }),
    ...(id === undefined ? {} : { id }),
    ...(sha === undefined ? {} : { revision: sha }),
    licence: source.licence ?? knownOf(source)?.licence.name ?? "not stated",
    files: yield* inputFiles(opened.lineage.files)
  }
  const counts = (mixed: number): SourceReport => ({ ...report, ...(first ?? nothing), mixed })
  return { name, rows, weight: source.weight, ...(source.take === undefined ? {} : { take: source.take }), counts }
})

/** A source of which no row was asked for. */
const nothing: FirstRun = { rowsIn: 0, skipped: {}, unread: {}, records: 0, filters: [], kept: 0 }
