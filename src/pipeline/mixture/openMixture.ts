import { Effect, type FileSystem, Stream, Struct } from "effect"
import type { ArrowError, RecordSchema } from "../../arrow/mod.ts"
import { curate, mix, type Resources, shuffle, type Source } from "../../curation/mod.ts"
import type { ExportKinds } from "../../dataset/mod.ts"
import type { PipelineError } from "../errors.ts"
import type { BenchmarkRowInvalid } from "../data/openBenchmark.ts"
import { hashValue } from "../store/hash.ts"
import { curatedKinds } from "./filtersOf.ts"
import { inputFiles } from "./inputFiles.ts"
import { type MixKind, schemaOfKind } from "./MixKind.ts"
import type { MixReport } from "./MixReport.ts"
import { mixResources } from "./mixResources.ts"
import { MixTally } from "./MixTally.ts"
import type { MixtureFile } from "./MixtureFile.ts"
import { openMixtureSource } from "./openMixtureSource.ts"

/** How a mixture is opened: what its rows are, and where temporary files go. */
export interface OpenMixture<K extends MixKind> {
  readonly kind: K
  readonly onError: "stop" | "skip"
  readonly folder: string
  /** Hears now and then how many rows were mixed. */
  readonly tell: (rows: number) => Effect.Effect<void>
}

/** What rules of the whole fail with, and what they need. */
type RuleError = ArrowError | BenchmarkRowInvalid | PipelineError
type Services = FileSystem.FileSystem

/** The settings that change a byte of what is written. */
const settingsOf = (file: MixtureFile) => Struct.omit(file, ["arguments", "out", "shuffle"])

/** Sources → mix → filters of the whole → shuffle → cut, counted on the way. */
const flow = <K extends MixKind, E, R>(
  file: MixtureFile,
  {
    folder,
    kind,
    resources,
    schema,
    sources,
    tally,
    tell
  }: OpenMixture<K> & {
    readonly sources: ReadonlyArray<Source<ExportKinds[K], E, R>>
    readonly schema: RecordSchema<ExportKinds[K]>
    readonly resources: Resources<ArrowError | BenchmarkRowInvalid, Services>
    readonly tally: MixTally
  }
) => {
  const { exhausted, filters, order, seed, take = Number.POSITIVE_INFINITY } = file
  const curated = mix(sources, { seed, exhausted }).pipe(
    Stream.mapArrayEffect(tally.draw(tell)),
    curate<ExportKinds[K] & { readonly dataset: string }, RuleError, Services>(filters, {
      ...resources,
      kind: curatedKinds[kind],
      report: () => tally.some(file),
      onDropped: tally.rules.drop
    }),
    Stream.map(tally.keep)
  )
  const shuffled = shuffle(schema, { seed, folder, memory: file.shuffle.memory })
  return (order === "shuffled" ? shuffled(curated) : curated).pipe(Stream.take(take), Stream.map(tally.write))
}

/**
 * Opens the sources of a mixture: the rows as they are to be written, their hash, and what became of all rows when they have
 * flowed, once.
 *
 * Domain   memory is that of the rules, of `shuffle.memory`, of one chunk of each source, and of the statistics.
 * Fails    PipelineError (StepEmpty) where no row is left; DataError, CurationError, ArrowError, BenchmarkRowInvalid
 */
export const openMixture = Effect.fn("openMixture")(function* <K extends MixKind>(
  file: MixtureFile,
  options: OpenMixture<K>
) {
  const { kind, onError } = options
  const { files, resources } = yield* mixResources(file)
  const schema = schemaOfKind(kind)
  const sources = yield* Effect.forEach(file.sources, (source) =>
    openMixtureSource(source, { ...options, file, schema, resources })
  )
  const tests = yield* inputFiles(files)
  const settings = settingsOf(file)
  const hash = hashValue({ settings, onError, sources: sources.map(({ counts }) => counts(0)), tests })
  const tally = new MixTally(file, resources.tokenizer)
  const report = (splits: MixReport["splits"]): MixReport => ({
    name: file.name,
    hash,
    seed: file.seed,
    kind,
    sources: sources.map(({ counts, name }) => counts(tally.mixedOf(name))),
    mixed: tally.mixed,
    filters: tally.rules.counts(),
    kept: tally.kept,
    rows: tally.rows,
    splits,
    statistics: tally.statistics.summary(),
    settings
  })
  return { hash, report, schema, rows: flow(file, { ...options, resources, schema, sources, tally }) }
})
