import { Effect, Stream } from "effect"
import {
  type CurateOptions,
  curate,
  type CurationReport,
  decodeSteps,
  type Dropped,
  type Row
} from "../../src/curation/mod.ts"

/** The ids that steps leave of rows in chunks of a size, what was dropped, and the report. */
export const curated = Effect.fnUntraced(function* <A extends Row>(
  steps: unknown,
  rows: ReadonlyArray<A>,
  options: Pick<CurateOptions<A>, "kind" | "tokenizer" | "benchmarks"> & { readonly chunk?: number }
) {
  const reports: Array<CurationReport> = []
  const dropped: Array<Dropped<A>> = []
  const decoded = yield* Effect.fromResult(decodeSteps(steps))
  const ids = yield* Stream.fromArray(rows).pipe(
    Stream.rechunk(options.chunk ?? 3),
    curate(decoded, {
      ...options,
      report: (report) => Effect.sync(() => void reports.push(report)),
      onDropped: (some) => Effect.sync(() => void dropped.push(...some))
    }),
    Stream.map(({ promptId }) => promptId),
    Stream.runCollect
  )
  return { ids, dropped: dropped.map(({ rule, why, row }) => [row.promptId, rule, why]), reports }
})

/** The ids that are left. */
export const idsOf = <A extends Row>(steps: unknown, rows: ReadonlyArray<A>, kind: CurateOptions<A>["kind"]) =>
  Effect.map(curated(steps, rows, { kind }), ({ ids }) => ids)

/** The message of the error that steps fail with. */
export const refusal = <A extends Row>(steps: unknown, rows: ReadonlyArray<A>, kind: CurateOptions<A>["kind"]) =>
  Effect.map(Effect.flip(curated(steps, rows, { kind })), ({ message }) => message)
