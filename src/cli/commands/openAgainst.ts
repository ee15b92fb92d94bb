import { Effect, Path, Schema, Stream } from "effect"
import type { Dropped, SharedWords, Steps } from "../../curation/mod.ts"
import type { DataRecord } from "../../pipeline/data/mod.ts"
import { BadInput } from "../BadInput.ts"

/** Test sets that rows may share no words with, as a person names them. */
export interface AgainstOptions {
  readonly against: ReadonlyArray<string>
  readonly fields: string | undefined
  readonly ngram: number | undefined
}

/** A row of the file of what rows share with test sets. */
export const SharedRow = Schema.Struct({
  promptId: Schema.String,
  benchmark: Schema.String,
  item: Schema.String,
  part: Schema.String,
  ngram: Schema.String
})

/** What was found in one test set. */
export interface AgainstCounts {
  readonly benchmark: string
  readonly items: number
  /** Rows that share words with it. */
  readonly rows: number
  /** Items that rows share words with. */
  readonly found: number
}

/** A file's name without what says its kind, as rules call the test set. */
const nameOf = (base: string): string => base.replace(/(\.(jsonl|ndjson|json|csv|tsv|txt|parquet|arrow|gz|zst))+$/, "")

/** Counts rows and items by test set. */
class Tally {
  readonly #items = new Map<string, number>()
  readonly #rows = new Map<string, number>()
  readonly #found = new Map<string, Set<string>>()

  readonly item = (benchmark: string) => Effect.sync(() => this.#items.set(benchmark, this.#count(benchmark) + 1))

  #count(benchmark: string): number {
    return this.#items.get(benchmark) ?? 0
  }

  share({ benchmark, item }: Pick<SharedWords, "benchmark" | "item">): void {
    this.#rows.set(benchmark, (this.#rows.get(benchmark) ?? 0) + 1)
    this.#found.set(benchmark, (this.#found.get(benchmark) ?? new Set()).add(item))
  }

  counts(names: ReadonlyArray<string>): ReadonlyArray<AgainstCounts> {
    return names.map((benchmark) => ({
      benchmark,
      items: this.#count(benchmark),
      rows: this.#rows.get(benchmark) ?? 0,
      found: this.#found.get(benchmark)?.size ?? 0
    }))
  }
}

/** The rows of dropped records that share words with a test set. */
export const sharedRows = (dropped: ReadonlyArray<Dropped<DataRecord>>): ReadonlyArray<typeof SharedRow.Type> =>
  dropped.flatMap(({ row, shared }) => (shared === undefined ? [] : [{ promptId: row.promptId, ...shared }]))

/**
 * The test sets that a person named, by the names that rules call them, and the steps with the rule that asks for them: the steps' own,
 * or one behind them.
 *
 * Fails    BadInput where two are called the same; FolderError, HubError
 */
export const openAgainst = Effect.fnUntraced(function* (steps: Steps, { against, fields, ngram }: AgainstOptions) {
  const { basename } = yield* Path.Path
  const { openBenchmark } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { decodeSteps } = yield* Effect.promise(() => import("../../curation/mod.ts"))
  const names = against.map((path) => nameOf(basename(path)))
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined)
    return yield* new BadInput({ message: `Cannot filter: found two test sets called "${twice}", wanted a name each` })
  const tally = new Tally()
  const wanted = fields?.split(",")
  const opened = yield* Effect.forEach(against, (path, i) =>
    Effect.map(openBenchmark({ path, fields: wanted }), ({ items }) => {
      const name = names[i] ?? path
      return [name, Stream.tap(items, () => tally.item(name))] as const
    })
  )
  const isAsked = steps.some((step) => "decontaminate" in step)
  if (isAsked && ngram !== undefined)
    return yield* new BadInput({
      message: "Cannot filter: found --ngram and a rule decontaminate in --rules, wanted one of them"
    })
  const own = { decontaminate: { against: names, ...(ngram === undefined ? {} : { ngram }) } }
  const added = names.length === 0 || isAsked ? [] : yield* Effect.fromResult(decodeSteps([own]))
  return { steps: [...steps, ...added], benchmarks: Object.fromEntries(opened), names, tally }
})
