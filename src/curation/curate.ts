import { Effect, Stream } from "effect"
import type { CurationReport } from "./CurationReport.ts"
import { CurationError, RuleUnfit } from "./errors.ts"
import { type Dropped, type OpenStep, openStep } from "./openStep.ts"
import type { Kind, Row } from "./Row.ts"
import type { Resources } from "./rule/Rule.ts"
import { ruleOf, type Step, type Steps } from "./Steps.ts"

/** What is curated, with what, and who hears of it. */
export interface CurateOptions<A extends Row, E = never, R = never> extends Resources<E, R> {
  readonly kind: Kind
  /** Hears what became of all rows, when the last has gone on. */
  readonly report: (report: CurationReport) => Effect.Effect<void, E, R>
  /** Rows that the report shows for each step, 3 unless told. */
  readonly examples?: number
  /** Hears of every row that is dropped. */
  readonly onDropped?: (dropped: ReadonlyArray<Dropped<A>>) => Effect.Effect<void, E, R>
}

const openRule = Effect.fnUntraced(function* <E, R>(step: Step, kind: Kind, resources: Resources<E, R>) {
  const { name, rule, params } = ruleOf(step)
  const wanted = rule.kinds(params)
  if (!wanted.includes(kind)) return yield* new RuleUnfit({ rule: name, kind, kinds: wanted })
  return { name, work: yield* rule.open(params, resources) }
})

const isReason = (error: unknown): error is CurationError["reason"] =>
  CurationError.fields.reason.members.some((member) => error instanceof member)

/** Rows through the steps from `first` on. */
const through = <A>(steps: ReadonlyArray<OpenStep<A>>, rows: ReadonlyArray<A>, first = 0): ReadonlyArray<A> =>
  steps.slice(first).reduce((left, step) => step.take(left), rows)

const openSteps = Effect.fnUntraced(function* <A extends Row, E, R>(steps: Steps, options: CurateOptions<A, E, R>) {
  const { kind, examples = 3 } = options
  const dropped: Array<Dropped<A>> = []
  const open: Array<OpenStep<A>> = []
  for (const step of steps) {
    const { name, work } = yield* openRule(step, kind, options).pipe(
      Effect.mapError((error) => (isReason(error) ? new CurationError({ action: "curate", reason: error }) : error))
    )
    open.push(openStep(work, { rule: name, examples, drop: (one) => dropped.push(one) }))
  }
  return { open, dropped }
})

/**
 * Filters a stream of records by steps, in order; what is dropped is counted by step and told.
 *
 * Domain   the order of rows is kept, whatever the sizes of chunks; state is what the rules say. A stream that is run again
 *          begins anew; one that is stopped early tells no report.
 * Fails    CurationError (RuleUnfit, TokenizerMissing, PatternInvalid, NameUnknown, ParametersDisagree), before the first row
 */
export const curate =
  <A extends Row, E = never, R = never>(steps: Steps, options: CurateOptions<A, E, R>) =>
  <E1, R1>(stream: Stream.Stream<A, E1, R1>): Stream.Stream<A, E | E1 | CurationError, R | R1> =>
    Stream.unwrap(
      Effect.map(openSteps(steps, options), ({ open, dropped }) => {
        let rowsIn = 0
        let rowsOut = 0
        const tell = Effect.fnUntraced(function* (rows: ReadonlyArray<A>) {
          rowsOut += rows.length
          const told = dropped.splice(0)
          if (told.length > 0 && options.onDropped !== undefined) yield* options.onDropped(told)
          return [undefined, rows] as const
        })
        const work = (chunk: ReadonlyArray<A>) =>
          Effect.suspend(() => {
            rowsIn += chunk.length
            return tell(through(open, chunk))
          })
        const end = Effect.gen(function* () {
          const rows = open.flatMap((step, i) => through(open, step.end(), i + 1))
          yield* tell(rows)
          yield* options.report({ rowsIn, rowsOut, steps: open.map((step) => step.report()) })
          return rows
        })
        return stream.pipe(
          Stream.mapAccumArrayEffect(
            () => undefined,
            (_, chunk) => work(chunk)
          ),
          Stream.concat(Stream.fromArrayEffect(end))
        )
      })
    )
