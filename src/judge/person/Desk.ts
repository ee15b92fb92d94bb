import { Clock, Deferred, Effect, Stream, SubscriptionRef } from "effect"
import type { Judgement, Message, Pair } from "../../../schemas/mod.ts"
import { type AnnotatorAgreement, annotatorAgreement } from "./annotatorAgreement.ts"
import { AnnotatorUnknown, PairNotShown, PersonError } from "./errors.ts"
import type { Labels } from "./Labels.ts"
import { ask, canUndo, enter, type Ledger, pendingOf, takeBack, takeOff } from "./Ledger.ts"
import { type Choice, shownOrder, verdictOf } from "./shownOrder.ts"

/** What an annotator sees: the next pair as it is shown, and how far the work is. Units: `done` and `total` in pairs. */
export interface View {
  readonly annotator: string
  readonly done: number
  readonly total: number
  readonly canUndo: boolean
  readonly pair?: {
    readonly pairId: string
    readonly messages: ReadonlyArray<Message>
    readonly upper: string
    readonly lower: string
  }
  readonly agreement?: AnnotatorAgreement
}

/** Where annotators find pairs and leave verdicts. Every method that changes something has saved it when it ends. */
export interface Desk {
  readonly annotators: ReadonlyArray<string>
  readonly view: (annotator: string) => Effect.Effect<View, PersonError>
  readonly judge: (said: {
    readonly annotator: string
    readonly pairId: string
    readonly choice: Choice
  }) => Effect.Effect<View, PersonError>
  readonly undo: (annotator: string) => Effect.Effect<View, PersonError>
  readonly ask: (pairs: ReadonlyArray<Pair>) => Effect.Effect<void>
  /** Asks about pairs and waits until every annotator has judged each of them; then their judgements stand. */
  readonly decide: (pairs: ReadonlyArray<Pair>) => Effect.Effect<ReadonlyArray<Judgement>>
  readonly ledger: Effect.Effect<Ledger>
  /** Says that the work is over. */
  readonly finish: Effect.Effect<void>
  readonly finished: Effect.Effect<void>
}

const viewOf = (ledger: Ledger, annotator: string, seed: number): View => {
  const pending = pendingOf(ledger, annotator)
  const [next] = pending
  const agreement = annotatorAgreement(ledger.judgements)
  const base = {
    annotator,
    done: ledger.pairs.length - pending.length,
    total: ledger.pairs.length,
    canUndo: canUndo(ledger, annotator),
    ...(agreement === undefined ? {} : { agreement })
  }
  if (next === undefined) return base
  const { first, messages, pairId, second } = next
  const [upper, lower] = shownOrder(seed, annotator, pairId) === "firstSecond" ? [first, second] : [second, first]
  return { ...base, pair: { pairId, messages, upper, lower } }
}

const allJudged = ({ judgements }: Ledger, pairs: ReadonlyArray<Pair>, annotators: ReadonlyArray<string>): boolean => {
  const said = new Set(judgements.map(({ annotator, pairId }) => JSON.stringify([annotator, pairId])))
  return pairs.every(({ pairId }) => annotators.every((annotator) => said.has(JSON.stringify([annotator, pairId]))))
}

const fail = (reason: PersonError["reason"]) => new PersonError({ action: "take a verdict", reason })

/**
 * A desk for some annotators, on which the pairs lie that are not judged yet.
 *
 * Units    `seconds` of a judgement are counted from when the pair was first shown to its annotator by this process.
 * Fails    PersonError in its methods: AnnotatorUnknown, PairNotShown, LabelsFailed.
 */
export const makeDesk = Effect.fn("makeDesk")(function* (options: {
  readonly annotators: ReadonlyArray<string>
  readonly seed: number
  readonly pairs: ReadonlyArray<Pair>
  readonly labels: Labels
}) {
  const { annotators, labels, seed } = options
  const ref = yield* SubscriptionRef.make(ask({ pairs: [], judgements: labels.judgements }, options.pairs))
  const over = yield* Deferred.make<void>()
  const shownAt = new Map<string, number>()
  const known = (annotator: string) =>
    annotators.includes(annotator)
      ? Effect.void
      : Effect.fail(fail(new AnnotatorUnknown({ found: annotator, known: annotators })))
  const show = Effect.fnUntraced(function* (annotator: string) {
    const view = viewOf(yield* SubscriptionRef.get(ref), annotator, seed)
    const name = JSON.stringify([annotator, view.pair?.pairId])
    if (!shownAt.has(name)) shownAt.set(name, yield* Clock.currentTimeMillis)
    return view
  })
  /** Saves what a change gives before anybody sees it; a failed save changes nothing. */
  const change = (annotator: string, f: (ledger: Ledger) => Effect.Effect<Ledger, PersonError>) =>
    known(annotator).pipe(
      Effect.andThen(
        SubscriptionRef.updateEffect(ref, (before) =>
          Effect.tap(f(before), (after) => (after === before ? Effect.void : labels.save(after.judgements)))
        )
      ),
      Effect.uninterruptible,
      Effect.andThen(show(annotator))
    )
  const judgementOf = Effect.fnUntraced(function* (pair: Pair, annotator: string, choice: Choice) {
    const shown = shownOrder(seed, annotator, pair.pairId)
    const now = yield* Clock.currentTimeMillis
    const since = shownAt.get(JSON.stringify([annotator, pair.pairId]))
    const seconds = since === undefined ? {} : { seconds: Math.max(0, now - since) / 1000 }
    return { ...pair, annotator, shown, verdict: verdictOf(choice, shown), ...seconds }
  })
  const desk: Desk = {
    annotators,
    view: (annotator) => Effect.andThen(known(annotator), show(annotator)),
    judge: ({ annotator, choice, pairId }) =>
      change(
        annotator,
        Effect.fnUntraced(function* (ledger) {
          const [next] = pendingOf(ledger, annotator)
          if (next?.pairId === pairId) return enter(ledger, yield* judgementOf(next, annotator, choice))
          const shown = next === undefined ? {} : { shown: next.pairId }
          return yield* fail(new PairNotShown({ found: pairId, ...shown }))
        })
      ),
    undo: (annotator) => change(annotator, (ledger) => Effect.succeed(takeBack(ledger, annotator))),
    ask: (pairs) => SubscriptionRef.update(ref, (ledger) => ask(ledger, pairs)),
    decide: Effect.fnUntraced(function* (pairs) {
      yield* desk.ask(pairs)
      const { judgements } = yield* SubscriptionRef.changes(ref).pipe(
        Stream.filter((ledger) => allJudged(ledger, pairs, annotators)),
        Stream.runHead,
        Effect.flatMap(Effect.fromOption),
        Effect.orDie // the changes of a ref do not end
      )
      yield* SubscriptionRef.update(ref, (ledger) => takeOff(ledger, pairs))
      const asked = new Set(pairs.map(({ pairId }) => pairId))
      return judgements.filter((one) => asked.has(one.pairId) && annotators.includes(one.annotator))
    }),
    ledger: SubscriptionRef.get(ref),
    finish: Effect.asVoid(Deferred.succeed(over, undefined)),
    finished: Deferred.await(over)
  }
  return desk
})
