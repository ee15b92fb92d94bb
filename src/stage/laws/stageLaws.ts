import { isDeepStrictEqual } from "node:util"
import { Arbitrary, Effect, FileSystem, Schema, Stream } from "effect"
import { readArrow, readJsonLines, writeArrow, writeJsonLines } from "../../arrow/mod.ts"
import { arbitraryRows } from "./arbitraryRows.ts"
import { LawBroken } from "./LawBroken.ts"
import type { Identified, StageSubject } from "./StageSubject.ts"
import { inBatches, type Outcome, trial } from "./trial.ts"

/** A law, and what tries it on many lists of rows. */
export interface Law {
  readonly name: string
  readonly check: Effect.Effect<void, LawBroken, FileSystem.FileSystem>
}

/** Rows in batches of one size, and what a stage makes of them. */
interface Tried<In, Out> {
  readonly input: ReadonlyArray<In>
  readonly size: number
  readonly outcome: Outcome<Out>
}

/** What one trial has to go on: what was made of rows, and how something is made of others. */
interface Trial<In, Out, E> extends Tried<In, Out> {
  readonly run: (rows: ReadonlyArray<In>, size: number) => Effect.Effect<Outcome<Out>, E>
}

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((total, x) => total + x, 0)

const countsAddUp = ({ input, outcome }: Tried<unknown, unknown>): boolean => {
  const { counts, rows } = outcome
  const dropped = sum(counts.flatMap((count) => Object.values(count.dropped)))
  const [rowsIn, rowsOut] = [sum(counts.map((count) => count.rowsIn)), sum(counts.map((count) => count.rowsOut))]
  return (
    rowsIn === input.length &&
    rowsOut === rows.length &&
    rowsIn + sum(counts.map(({ added = 0 }) => added)) === rowsOut + dropped
  )
}

/** Ids without those that are those of the row before. */
const idsOf = (rows: ReadonlyArray<Identified>): ReadonlyArray<string> =>
  rows.map(({ promptId }) => promptId).filter((id, i, all) => id !== all[i - 1])

const idsKeepOrder = ({ input, outcome }: Tried<Identified, Identified>): boolean => {
  const found = idsOf(outcome.rows)
  const there = new Set(found)
  return isDeepStrictEqual(
    found,
    input.map(({ promptId }) => promptId).filter((id) => there.has(id))
  )
}

const batchesDoNotMatter = <In, Out, E>({ input, outcome, run }: Trial<In, Out, E>) =>
  Effect.map(run(input, input.length + 1), ({ rows }) => isDeepStrictEqual(rows, outcome.rows))

const goesOn = <In, Out, E>({ input, outcome, run, size }: Trial<In, Out, E>) =>
  Effect.gen(function* () {
    const before = yield* run(input.slice(0, size), 1)
    const after = yield* run(input.slice(size), 2)
    return isDeepStrictEqual([...before.rows, ...after.rows], outcome.rows)
  })

/** JSON has one zero, and leaves out what is undefined. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const comesBack = <Out>(schema: Schema.Codec<Out, unknown>, { outcome, size }: Tried<unknown, Out>) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const folder = yield* files.makeTempDirectoryScoped({ prefix: "prefloop-laws-" })
    const batches = inBatches(schema, outcome.rows, size)
    yield* writeArrow(`${folder}/rows.arrow`, schema)(batches)
    yield* writeJsonLines(`${folder}/rows.jsonl`, schema)(batches)
    const arrow = yield* Stream.runCollect(readArrow(`${folder}/rows.arrow`, schema))
    const json = yield* Stream.runCollect(readJsonLines(`${folder}/rows.jsonl`, schema))
    const jsonRows = json.flatMap(({ rows }) => rows)
    return (
      isDeepStrictEqual(
        arrow.flatMap(({ rows }) => rows),
        outcome.rows
      ) && isDeepStrictEqual(asJson(jsonRows), asJson(outcome.rows))
    )
  }).pipe(Effect.scoped)

const Size = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 }))

/**
 * The laws that every stage of rows keeps, each tried on many lists of rows: counts add up, ids keep their order, batches do
 * not matter, going on where a run stopped gives what one run gives, and rows come back from files.
 *
 * Domain   A stage may drop rows and make several of one; `seed` makes the trials the same each time.
 * Fails    The checks, with LawBroken.
 */
export const stageLaws = <Params, Encoded, In extends Identified, Out extends Identified, E, R>(
  subject: StageSubject<Params, Encoded, In, Out, E, R>,
  { runs = 20, seed = 1 }: { readonly runs?: number; readonly seed?: number } = {}
): ReadonlyArray<Law> => {
  const { stage } = subject
  const inputs = Arbitrary.all({ input: arbitraryRows(stage.input, subject.rows), size: Arbitrary.schema(Size) })
  const run = (rows: ReadonlyArray<In>, size: number) => trial(subject, rows, size)
  const law = (
    name: string,
    holds: (trial: Trial<In, Out, E>) => Effect.Effect<boolean, unknown, FileSystem.FileSystem>,
    times = runs
  ): Law => ({
    name,
    check: Effect.gen(function* () {
      const result = yield* Arbitrary.checkEffect(
        inputs,
        ({ input, size }) => Effect.flatMap(run(input, size), (outcome) => holds({ input, size, outcome, run })),
        { runs: times, seed }
      )
      const found = Arbitrary.formatCheckFailure(result)
      if (found !== undefined) return yield* new LawBroken({ stage: stage.name, law: name, found })
    })
  })
  return [
    law("rows in and rows added are rows out and rows dropped", (tried) => Effect.succeed(countsAddUp(tried))),
    law("ids keep their order", (tried) => Effect.succeed(idsKeepOrder(tried))),
    law("batches do not matter", batchesDoNotMatter),
    law("going on where a run stopped gives what one run gives", goesOn),
    law("rows come back from Arrow and from JSON lines", (tried) => comesBack(stage.output, tried), Math.ceil(runs / 4))
  ]
}
