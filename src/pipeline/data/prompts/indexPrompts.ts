import { createHash } from "node:crypto"
import { Effect, Stream } from "effect"
import type { Prompt } from "../../../../schemas/mod.ts"
import { DatasetError, Growing, PromptRepeated, RowsMissing } from "../../../dataset/mod.ts"
import type { DataError } from "../openData.ts"

/**
 * Which prompts of a source were kept: their numbers among all of its prompts, from 0, and what their ids look like.
 *
 * Units    memory: 16 bytes a prompt.
 */
export interface PromptIndex {
  readonly rows: Float64Array
  readonly ids: Float64Array
}

/** 48 bits of a digest: equal for equal ids, and for others hardly ever. */
export const fingerprint = (id: string): number => createHash("sha1").update(id).digest().readUIntBE(0, 6)

/** Pairs of rows that may have one id, the later one second, in the order of the later ones. */
const suspects = (ids: Float64Array): ReadonlyArray<readonly [number, number]> => {
  const order = Uint32Array.from(ids, (_, i) => i).sort((a, b) => (ids[a] ?? 0) - (ids[b] ?? 0) || a - b)
  const pairs: Array<readonly [number, number]> = []
  for (let i = 1; i < order.length; i++) {
    const [a = 0, b = 0] = [order[i - 1], order[i]]
    if (ids[a] === ids[b]) pairs.push([a, b])
  }
  return pairs.toSorted(([, a], [, b]) => a - b)
}

/** The first id that comes again: the rows that may have one are read once more. */
const firstRepetition = Effect.fnUntraced(function* <E, R>(
  prompts: Stream.Stream<Prompt, E, R>,
  pairs: ReadonlyArray<readonly [number, number]>
) {
  const wanted = new Set(pairs.flat())
  const ids = new Map<number, string>()
  let row = 0
  yield* Stream.runForEach(prompts, ({ promptId }) =>
    Effect.sync(() => {
      if (wanted.has(row)) ids.set(row, promptId)
      row++
    })
  )
  const pair = pairs.find(([a, b]) => ids.get(a) === ids.get(b))
  if (pair === undefined) return undefined
  const [first, again] = pair
  return new PromptRepeated({ row: again, first, promptId: ids.get(again) ?? "" })
})

const column = () => new Growing((length) => new Float64Array(length))

/**
 * Reads prompts once and says which of them `keep` says yes to.
 *
 * Domain   memory holds 24 bytes a prompt beside what the reader holds.
 * Fails    DatasetError (PromptRepeated, RowsMissing), and as the stream does
 */
export const indexPrompts = Effect.fn("indexPrompts")(function* <R>(
  path: string,
  prompts: Stream.Stream<Prompt, DataError, R>,
  keep: (prompt: Prompt) => boolean
) {
  const fail = (reason: DatasetError["reason"]) => new DatasetError({ path, reason })
  const [all, rows, ids] = [column(), column(), column()]
  yield* Stream.runForEach(prompts, (prompt) =>
    Effect.sync(() => {
      const id = fingerprint(prompt.promptId)
      if (keep(prompt)) {
        rows.push(all.length)
        ids.push(id)
      }
      all.push(id)
    })
  )
  if (all.length === 0) return yield* fail(new RowsMissing())
  const pairs = suspects(all.numbers)
  const repeated = pairs.length === 0 ? undefined : yield* firstRepetition(prompts, pairs)
  if (repeated) return yield* fail(repeated)
  return { rows: rows.numbers, ids: ids.numbers } satisfies PromptIndex
})
