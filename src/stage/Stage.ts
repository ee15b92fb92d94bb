import { Effect, Schema, Stream } from "effect"
import { type Batch, columnNames, fromRows, type RecordSchema } from "../arrow/mod.ts"
import { StageReport } from "./StageReport.ts"

/** Where in a run a stage works: what its chance is derived from. Iterations count from 1. */
export interface StageContext {
  readonly seed: number
  readonly iteration: number
}

/**
 * The most that one row can ask for.
 *
 * Units    responses drawn, new tokens of all of them together, comparisons by a preference oracle, and rows that one row
 *          becomes (1 where it is absent).
 */
export interface Cost {
  readonly responsesPerRow?: number
  readonly newTokensPerRow?: number
  readonly comparisonsPerRow?: number
  readonly rowsPerRow?: number
}

/** Rows that go on, how many did not, by rule, and how many there are beyond one for each row. */
export interface Worked<Out> {
  readonly rows: ReadonlyArray<Out>
  readonly dropped: Readonly<Record<string, number>>
  readonly added?: number
}

/** What a stage is: its columns on both sides, its parameters, and the work on one batch. */
export interface StageDefinition<Params, Encoded, In, Out, E, R> {
  readonly name: string
  readonly doc: string
  readonly params: Schema.Codec<Params, Encoded>
  readonly input: RecordSchema<In>
  readonly output: RecordSchema<Out>
  /** `responses` are those that a row has when it comes. */
  readonly cost?: (params: Params, responses: number) => Cost
  /** Columns that rows may leave out, and that these parameters read. */
  readonly needs?: (params: Params) => ReadonlyArray<string>
  /** Columns that rows may leave out, and that these parameters fill in every row. */
  readonly gives?: (params: Params) => ReadonlyArray<string>
  readonly work: (
    params: Params,
    context: StageContext
  ) => (rows: ReadonlyArray<In>) => Effect.Effect<Worked<Out>, E, R>
}

/** A stream of records in, a stream of records out. */
export type Transform<In, Out, E, R> = <E1, R1>(
  stream: Stream.Stream<Batch<In>, E1, R1>
) => Stream.Stream<Batch<Out>, E | E1, R | R1>

/**
 * A step of a pipeline. Called with its parameters as they are written, it gives a function of a stream; `run` takes
 * them decoded.
 */
export interface Stage<Params, Encoded, In, Out, E, R> extends Omit<
  StageDefinition<Params, Encoded, In, Out, E, R>,
  "work"
> {
  (params: Encoded, context?: StageContext): Transform<In, Out, E, R>
  readonly run: (params: Params, context: StageContext) => Transform<In, Out, E, R>
  readonly columnsIn: ReadonlyArray<string>
  readonly columnsOut: ReadonlyArray<string>
}

const firstIteration: StageContext = { seed: 0, iteration: 1 }

/**
 * Makes a stage from its definition: batches are worked on one after the other, in order and as they come; a batch that
 * loses all its rows is left out; what was done is told to StageReport.
 *
 * Fails    SchemaError, thrown by the call with parameters as they are written
 */
export const makeStage = <Params, Encoded, In, Out, E, R>(
  definition: StageDefinition<Params, Encoded, In, Out, E, R>
): Stage<Params, Encoded, In, Out, E, R> => {
  const { name, input, output, work, ...rest } = definition
  const run = (params: Params, context: StageContext): Transform<In, Out, E, R> => {
    const workOn = work(params, context)
    const step = Effect.fnUntraced(function* (batch: Batch<In>) {
      const { rows, dropped, added = 0 } = yield* workOn(batch.rows)
      const report = yield* StageReport
      const counts = { rowsIn: batch.length, rowsOut: rows.length, dropped, ...(added > 0 ? { added } : {}) }
      yield* report({ stage: name, iteration: context.iteration, ...counts })
      return fromRows(output, rows)
    })
    return (stream) =>
      stream.pipe(
        Stream.mapEffect(step),
        Stream.filter((batch) => batch.length > 0)
      )
  }
  const decode = Schema.decodeSync(definition.params)
  const call = (params: Encoded, context = firstIteration) => run(decode(params), context)
  const named = Object.defineProperty(call, "name", { value: name })
  return Object.assign(named, {
    ...rest,
    input,
    output,
    run,
    columnsIn: columnNames(input),
    columnsOut: columnNames(output)
  })
}
