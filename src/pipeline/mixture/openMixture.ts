import { Effect, type FileSystem, Stream, Struct } from "effect"
import type { ArrowError } from "../../arrow/mod.ts"
import { curate, mix, shuffle } from "../../curation/mod.ts"
import type { ExportKinds } from "../../dataset/mod.ts"
import { countCharacters, GroupedTally } from "../../metric/mod.ts"
import { PipelineError, StepEmpty } from "../errors.ts"
import { hashValue } from "../store/hash.ts"
import { curatedKinds } from "./filtersOf.ts"
import { inputFiles } from "./inputFiles.ts"
import type { MixtureFile } from "./MixtureFile.ts"
import { type MixKind, schemaOfKind } from "./MixKind.ts"
import type { MixReport } from "./MixReport.ts"
import { mixResources } from "./mixResources.ts"
import { openMixtureSource } from "./openMixtureSource.ts"
import type { BenchmarkRowInvalid } from "./readBenchmark.ts"
import { RuleCounts } from "./RuleCounts.ts"

/** What rules of the whole fail with. */
type RuleError = ArrowError | BenchmarkRowInvalid | PipelineError

/** A mixture that is being counted while it flows. */
class MixTally {
  readonly bySource = new Map<string, number>()
  mixed = 0
  kept = 0
  rows = 0

  draw(name: string): void {
    this.bySource.set(name, (this.bySource.get(name) ?? 0) + 1)
    this.mixed++
  }
}

/** The settings that change a byte of what is written. */
const settingsOf = (file: MixtureFile) => Struct.omit(file, ["arguments", "out", "shuffle"])

const openSources = Effect.fnUntraced(function* <K extends MixKind>(
  file: MixtureFile,
  options: { readonly kind: K; readonly onError: "stop" | "skip"; readonly folder: string }
) {
  const resources = yield* mixResources(file)
  const schema = schemaOfKind(options.kind)
  const sources = yield* Effect.forEach(file.sources, (source) =>
    openMixtureSource(source, { ...options, file, schema, resources })
  )
  return { resources, schema, sources }
})

/**
 * Opens the sources of a mixture: the rows as they are to be written, their hash, and what became of all rows when they have
 * flowed, once.
 *
 * Domain   memory is that of the rules, of `shuffle.memory`, of one chunk of each source, and of the statistics.
 * Fails    PipelineError (StepEmpty) where no row is left; DataError, CurationError, ArrowError, BenchmarkRowInvalid
 */
export const openMixture = Effect.fn("openMixture")(function* <K extends MixKind>(
  file: MixtureFile,
  options: { readonly kind: K; readonly onError: "stop" | "skip"; readonly folder: string }
) {
  const { folder, kind } = options
  const { resources, schema, sources } = yield* openSources(file, options)
  const rules = new RuleCounts(file.filters)
  const tally = new MixTally()
  const { tokenizer } = resources
  const statistics = new GroupedTally({
    by: "dataset",
    unit: tokenizer ? "tokens" : "characters",
    lengthOf: tokenizer ? (text) => tokenizer.encode(text).length : countCharacters
  })
  const empty = Effect.suspend(() => {
    const found = `no row left of ${tally.mixed} (${sources.map(({ name }) => `"${name}"`).join(", ")})`
    const reason = new StepEmpty({ found, wanted: "at least one" })
    return tally.kept > 0 ? Effect.void : Effect.fail(new PipelineError({ action: "mix", what: file.name, reason }))
  })
  const curated = mix(sources, { seed: file.seed, exhausted: file.exhausted }).pipe(
    Stream.map((row) => {
      tally.draw(row.dataset)
      return row
    }),
    curate<ExportKinds[K] & { readonly dataset: string }, RuleError, FileSystem.FileSystem>(file.filters, {
      ...resources,
      kind: curatedKinds[kind],
      report: () => empty,
      onDropped: rules.drop
    }),
    Stream.map((row) => {
      tally.kept++
      return row
    })
  )
  const shuffled = shuffle(schema, { seed: file.seed, folder, memory: file.shuffle.memory })
  const ordered = file.order === "shuffled" ? shuffled(curated) : curated
  const rows = ordered.pipe(
    Stream.take(file.take ?? Number.POSITIVE_INFINITY),
    Stream.map((row) => {
      tally.rows++
      statistics.add(row)
      return row
    })
  )
  const tests = yield* inputFiles(Object.values(file.benchmarks).map(({ path }) => path))
  const settings = settingsOf(file)
  const hash = hashValue({ settings, onError: options.onError, sources: sources.map(({ counts }) => counts(0)), tests })
  const report = (splits: MixReport["splits"]): MixReport => ({
    name: file.name,
    hash,
    seed: file.seed,
    kind,
    sources: sources.map(({ counts, name }) => counts(tally.bySource.get(name) ?? 0)),
    mixed: tally.mixed,
    filters: rules.counts(),
    kept: tally.kept,
    rows: tally.rows,
    splits,
    statistics: statistics.summary(),
    settings
  })
  return { hash, report, rows, schema }
})
