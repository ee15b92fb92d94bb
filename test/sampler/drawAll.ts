import { Deferred, Effect } from "effect"
import { type Checkpoint, openCheckpoint } from "../../src/checkpoint/mod.ts"
import { type Decoder, type DecoderOptions, openDecoder, type Row } from "../../src/sampler/mod.ts"

/** The tokens of a row, and log π of each where it was asked for. */
export interface DrawnRow {
  readonly ids: Array<number>
  readonly logProbabilities: Array<number | undefined>
}

/** A row that ends at one of `endIds`. */
export interface TestRow extends Row {
  readonly endIds?: ReadonlyArray<number>
}

/** Draws rows, all submitted in the order given, and waits for the last. */
export const drawAll = Effect.fnUntraced(function* (decoder: Decoder, rows: ReadonlyArray<TestRow>) {
  const done = yield* Deferred.make<void, unknown>()
  let left = rows.length
  const drawn = rows.map((): DrawnRow => ({ ids: [], logProbabilities: [] }))
  rows.forEach(({ endIds = [], ...row }, i) => {
    decoder.submit(row, {
      token: (id, logProbability) => {
        const { ids = [], logProbabilities = [] } = drawn[i] ?? {}
        ids.push(id)
        logProbabilities.push(logProbability)
        const goesOn = !endIds.includes(id) && ids.length < row.maxNewTokens
        if (!goesOn) left -= 1
        if (left === 0) Deferred.doneUnsafe(done, Effect.void)
        return goesOn
      },
      failed: (cause) => Deferred.doneUnsafe(done, Effect.fail(cause))
    })
  })
  yield* Deferred.await(done)
  return drawn
})

const opened = new Map<string, Checkpoint>()

/** A decoder of a fixture, open until the scope closes. */
export const openFixture = Effect.fnUntraced(function* (name: string, options: DecoderOptions) {
  const checkpoint = opened.get(name) ?? (yield* openCheckpoint(`fixtures/model/${name}`, "causal"))
  opened.set(name, checkpoint)
  return yield* openDecoder(checkpoint, options)
})
