import { Effect, FileSystem, Layer, Path } from "effect"
import { type Comparison, Preference } from "../Preference.ts"
import { makeDesk } from "./Desk.ts"
import { openLabels } from "./Labels.ts"
import { pendingOf } from "./Ledger.ts"
import { shareForFirst } from "./majority.ts"
import { pairOf } from "./pairOf.ts"
import { servePage } from "./servePage.ts"

/** Where a page is, and how many pairs wait there for those who have some left. Units: pairs. */
export interface Waiting {
  readonly url: string
  readonly waiting: ReadonlyArray<{ readonly annotator: string; readonly pairs: number }>
}

/** Who is asked, where verdicts are kept, and where the page is. Domain: `port` 0 takes one that is free. */
export interface PersonOptions {
  readonly annotators: readonly [string, ...ReadonlyArray<string>]
  readonly labels: string
  readonly seed: number
  readonly port: number
  /** Hears where the page is. */
  readonly onPage: (url: string) => Effect.Effect<void>
  /** Hears of pairs that come to the page and wait for somebody. */
  readonly onWait?: (waiting: Waiting) => Effect.Effect<void>
}

/**
 * Persons as the preference: pairs are put on a page, and an answer waits until every annotator has judged them.
 *
 * Source   Definition 1; the probability is the share of annotators for the first response, a tie counting half.
 * Domain   A pair that was judged once is not asked again, in either order, in this run or a later one with the same
 *          file; of two texts that are the same neither is better. P(a¹ ≻ a²) + P(a² ≻ a¹) = 1 without a rounding error.
 * Fails    PersonError when the layer is built; a verdict that cannot be saved is told on the page.
 */
export const personPreference = (options: PersonOptions) =>
  Layer.effect(
    Preference,
    Effect.gen(function* () {
      const { annotators, seed } = options
      const desk = yield* makeDesk({ annotators, seed, pairs: [], labels: yield* openLabels(options.labels) })
      const idle = "Nothing to judge now: the next pairs come when the run asks"
      const url = yield* servePage(desk, { port: options.port, idle, closes: false })
      yield* options.onPage(url)
      const tell = Effect.fnUntraced(function* () {
        const ledger = yield* desk.ledger
        const all = annotators.map((annotator) => ({ annotator, pairs: pendingOf(ledger, annotator).length }))
        const waiting = all.filter(({ pairs }) => pairs > 0)
        if (waiting.length > 0) yield* options.onWait?.({ url, waiting }) ?? Effect.void
      })
      const prefer = Effect.fn("Preference.prefer")(function* (rows: ReadonlyArray<Comparison>) {
        const pairs = rows.map((row) => pairOf(row, row.first, row.second))
        const asked = pairs.filter(({ first, second }) => first !== second)
        yield* desk.ask(asked)
        yield* tell()
        const judgements = yield* desk.decide(asked)
        const byPair = Map.groupBy(judgements, ({ pairId }) => pairId)
        return pairs.map(({ first, pairId, second }, i) => {
          if (first === second) return 0.5
          const lead = shareForFirst(byPair.get(pairId) ?? []) - 0.5
          return 0.5 + (rows[i]?.first === first ? lead : -lead)
        })
      })
      return Preference.of({ prefer })
    })
  ) satisfies Layer.Layer<Preference, unknown, FileSystem.FileSystem | Path.Path>
