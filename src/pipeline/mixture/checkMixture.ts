import { Effect, FileSystem, Result, Stream } from "effect"
import { curate, type Resources, splitOf, type Steps } from "../../curation/mod.ts"
import type { DataSource } from "../data/DataSource.ts"
import { nameSource } from "../data/nameSource.ts"
import { sourceIssues } from "../data/sourceIssues.ts"
import { type Issue, InputsInvalid, PipelineError } from "../errors.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"
import { curatedKinds, filtersOf, knownOf } from "./filtersOf.ts"
import type { MixtureFile } from "./MixtureFile.ts"
import { labelOf, type MixtureSource } from "./MixtureSource.ts"
import { mixResources } from "./mixResources.ts"
import type { WrittenMixture } from "./readMixture.ts"

/** What is wrong at a key. */
interface Found {
  readonly key: KeyPath
  readonly detail: string
}

/** A path where nothing lies, on this machine or by the name of a data set. */
const pathIssue = ({ dataset, path }: DataSource, key: KeyPath) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const source = yield* nameSource({ path, dataset })
    const there = source.path.startsWith("hf:") || (yield* Effect.orElseSucceed(fs.exists(path), () => false))
    const found: ReadonlyArray<Found> = there ? [] : [{ key, detail: `found no "${path}", wanted a file or folder` }]
    return found
  }).pipe(Effect.catchTag("DatasetError", ({ reason }) => Effect.succeed([{ key, detail: reason.message }])))

const kindIssue = (source: MixtureSource, kind: MixtureFile["kind"], key: KeyPath): ReadonlyArray<Found> => {
  const known = knownOf(source)
  if (known === undefined || known.kind === kind || kind === "prompts") return []
  return [
    {
      key: [...key, "dataset"],
      detail: `data set "${source.dataset}" holds ${known.kind}, wanted ${kind} (as kind says)`
    }
  ]
}

const shapeIssues = (source: MixtureSource, kind: MixtureFile["kind"], key: KeyPath): ReadonlyArray<Found> => [
  ...sourceIssues(source).map((issue) => ({ key: issue.key === "" ? key : [...key, issue.key], detail: issue.detail })),
  ...kindIssue(source, kind, key)
]

/** Rules that do not fit the records, or each other, or ask for what is not there. */
const stepIssues = Effect.fnUntraced(function* (
  steps: Steps,
  { key, kind, resources }: { readonly key: KeyPath; readonly kind: MixtureFile["kind"]; readonly resources: Resources }
) {
  const tried = Stream.runDrain(
    Stream.empty.pipe(curate(steps, { ...resources, kind: curatedKinds[kind], report: () => Effect.void }))
  )
  const result = yield* Effect.result(tried)
  const found: ReadonlyArray<Found> = Result.isSuccess(result) ? [] : [{ key, detail: result.failure.reason.message }]
  return found
})

const repeatedNames = (sources: MixtureFile["sources"]): ReadonlyArray<Found> =>
  sources.flatMap((source, i) => {
    const label = labelOf(source)
    const first = sources.findIndex((one) => labelOf(one) === label)
    const detail = `is called "${label}" as source ${first} is, wanted a name of its own`
    return first < i ? [{ key: ["sources", i], detail }] : []
  })

const splitIssues = ({ seed, split }: MixtureFile): ReadonlyArray<Found> => {
  const key = ["split", "shares"]
  const shares = splitOf({ ...split, seed })
  const unnamed = Object.keys(split.shares).find((name) => !/^\w+(\.\w+)*$/.test(name))
  return [
    ...(Result.isFailure(shares) ? [{ key, detail: shares.failure.reason.message }] : []),
    ...(unnamed === undefined ? [] : [{ key: [...key, unnamed], detail: "is no name of letters, digits and _" }])
  ]
}

/** A tokenizer and test sets without items: enough to see whether rules fit. */
const openResources = Effect.fnUntraced(function* (file: MixtureFile) {
  const key = ["tokenizer"]
  const opened = yield* Effect.result(mixResources({ ...file, benchmarks: {} }))
  const issues: ReadonlyArray<Found> = Result.isSuccess(opened) ? [] : [{ key, detail: opened.failure.message }]
  const found = Result.isSuccess(opened) ? opened.success.resources.tokenizer : undefined
  const tokenizer = found === undefined ? {} : { tokenizer: found }
  const names = Object.keys(file.benchmarks)
  const resources: Resources = {
    ...tokenizer,
    benchmarks: Object.fromEntries(names.map((name) => [name, Stream.empty]))
  }
  return { issues, resources }
})

/**
 * Checks what a mixture names: data sets and their kind, files and folders on this machine, rules and what they ask for, shares. What
 * lies on the hub is not asked for.
 *
 * Fails    PipelineError: InputsInvalid.
 */
export const checkMixture = Effect.fn("checkMixture")(function* (written: WrittenMixture) {
  const { at, file, path } = written
  const { kind } = file
  const { issues, resources } = yield* openResources(file)
  const ofSources = yield* Effect.forEach(file.sources, (source, i) =>
    Effect.gen(function* () {
      const key = ["sources", i]
      const missing =
        source.path === undefined
          ? []
          : yield* pathIssue({ path: source.path, dataset: source.dataset }, [...key, "path"])
      const steps = yield* stepIssues(filtersOf(source, kind), { key: [...key, "filters"], kind, resources })
      return [...shapeIssues(source, kind, key), ...missing, ...steps]
    })
  )
  const ofTests = yield* Effect.forEach(Object.entries(file.benchmarks), ([name, benchmark]) =>
    pathIssue({ path: benchmark.path, dataset: name }, ["benchmarks", name, "path"])
  )
  const found = [
    ...issues,
    ...ofSources.flat(),
    ...repeatedNames(file.sources),
    ...(yield* stepIssues(file.filters, { key: ["filters"], kind, resources })),
    ...ofTests.flat(),
    ...splitIssues(file)
  ]
  if (found.length > 0) {
    const all = found.map(({ detail, key }): Issue => ({ at: at(key), key: dotted(key), detail }))
    return yield* new PipelineError({ action: "check", what: path, reason: new InputsInvalid({ issues: all }) })
  }
  return written
})
