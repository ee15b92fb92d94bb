import { Effect, Pull, type Scope, Stream } from "effect"
import { key, uniform } from "../../random/mod.ts"
import { CurationError, SourceUnfit } from "../errors.ts"

/** Rows of one data set. `weight` is how often it is drawn beside the others, 1 unless told; `take` the most rows of it. */
export interface Source<A, E = never, R = never> {
  readonly name: string
  readonly rows: Stream.Stream<A, E, R>
  readonly weight?: number
  readonly take?: number
}

/**
 * How sources are mixed. `exhausted` says what happens when a drawn source has no more rows: the mixture ends, the source
 * begins again until every source has ended once, or the others go on without it.
 */
export interface MixOptions {
  readonly seed: number
  readonly exhausted: "stop" | "repeat" | "goOn"
}

interface Drawn<A, E, R> {
  readonly name: string
  readonly weight: number
  readonly open: Effect.Effect<Pull.Pull<ReadonlyArray<A>, E>, never, R | Scope.Scope>
  pull: Pull.Pull<ReadonlyArray<A>, E>
  waiting: ReadonlyArray<A>
  at: number
  /** Rows since it was begun. */
  given: number
  state: "live" | "ended" | "gone"
}

/** Rows that are given on together. */
const chunkRows = 256

const refuse = (source: string, found: string, wanted: string) =>
  new CurationError({ action: "mix", reason: new SourceUnfit({ source, found, wanted }) })

const openSource = Effect.fnUntraced(function* <A, E, R>(source: Source<A, E, R>) {
  const { name, weight = 1, take = Number.POSITIVE_INFINITY } = source
  if (!(weight > 0 && Number.isFinite(weight)))
    return yield* refuse(name, `a weight of ${weight}`, "a finite one above 0")
  const open = Stream.toPull(Stream.take(source.rows, take))
  const drawn: Drawn<A, E, R> = { name, weight, open, pull: yield* open, waiting: [], at: 0, given: 0, state: "live" }
  return drawn
})

/** The next row of a source, or nothing where it has no more. */
const nextOf = Effect.fnUntraced(function* <A, E, R>(source: Drawn<A, E, R>) {
  if (source.at === source.waiting.length) {
    const more = Pull.catchDone(source.pull, () => Effect.succeed<ReadonlyArray<A>>([]))
    source.waiting = yield* more
    source.at = 0
  }
  const row = source.waiting[source.at]
  if (source.waiting.length === 0 || row === undefined) return undefined
  source.at++
  source.given++
  return { row }
})

/** The source that a number in [0, 1) falls on. */
const pick = <S extends { readonly weight: number }>(sources: ReadonlyArray<S>, lot: number): S | undefined => {
  let left = lot * sources.reduce((sum, { weight }) => sum + weight, 0)
  for (const source of sources) {
    left -= source.weight
    if (left < 0) return source
  }
  return sources.at(-1)
}

/**
 * Mixes sources row by row: the i-th draw is a function of the seed and i alone. The rows of a source keep their order, and
 * are labelled with its name in `dataset`.
 *
 * Units    memory: one chunk of each source.
 * Fails    CurationError (SourceUnfit), and what the sources fail with
 */
export const mix = <A extends object, E, R>(
  sources: ReadonlyArray<Source<A, E, R>>,
  { seed, exhausted }: MixOptions
): Stream.Stream<A & { readonly dataset: string }, E | CurationError, Exclude<R, Scope.Scope>> => {
  const chance = key(seed, "mix")
  const opened = Effect.gen(function* () {
    const all: Array<Drawn<A, E, R>> = []
    for (const source of sources) all.push(yield* openSource(source))
    const drawn = { count: 0, over: all.length === 0 }

    const end = Effect.fnUntraced(function* (source: Drawn<A, E, R>) {
      if (exhausted === "repeat") {
        if (source.given === 0) return yield* refuse(source.name, "no rows", "at least one to repeat")
        source.state = "ended"
        drawn.over = all.every(({ state }) => state === "ended")
        source.given = 0
        if (!drawn.over) source.pull = yield* source.open
        return
      }
      source.state = "gone"
      drawn.over = exhausted === "stop" || all.every(({ state }) => state === "gone")
    })
    /** The next row of a source, which begins again where it may, so that no draw of it is lost. */
    const firstOf = Effect.fnUntraced(function* (source: Drawn<A, E, R>) {
      const next = yield* nextOf(source)
      if (next !== undefined) return next
      yield* end(source)
      return drawn.over || source.state === "gone" ? undefined : yield* nextOf(source)
    })
    const chunk = Effect.gen(function* () {
      const rows: Array<A & { readonly dataset: string }> = []
      while (!drawn.over && rows.length < chunkRows) {
        const live = all.filter(({ state }) => state !== "gone")
        const source = pick(live, uniform(chance, drawn.count++))
        const next = source && (yield* firstOf(source))
        if (source && next) rows.push({ ...next.row, dataset: source.name })
      }
      return rows
    })
    return Stream.unfold(undefined, () =>
      Effect.map(chunk, (rows) => (rows.length === 0 ? undefined : ([rows, undefined] as const)))
    ).pipe(Stream.flatMap(Stream.fromArray))
  })
  return Stream.unwrap(opened) as Stream.Stream<
    A & { readonly dataset: string },
    E | CurationError,
    Exclude<R, Scope.Scope>
  > // as: unwrap provides the scope of the pulls
}
