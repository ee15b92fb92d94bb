import { createHash } from "node:crypto"
import { Effect, Stream } from "effect"
import type { Prompt } from "../../schemas/mod.ts"
import { DatasetError, PromptRepeated, RowsMissing } from "./errors.ts"
import { pickRows } from "./pickRows.ts"
import { Growing, places, type RowIndex } from "./RowIndex.ts"
import { type DatasetOptions, streamRows } from "./streamRows.ts"

/** 48 bits of a digest: equal for equal ids, and for others hardly ever. */
const fingerprint = (id: string): number => createHash("sha1").update(id).digest().readUIntBE(0, 6)

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

const firstRepetition = Effect.fnUntraced(function* (
  options: DatasetOptions<"prompts">,
  index: RowIndex,
  ids: Float64Array
) {
  for (const pair of suspects(ids)) {
    const [first, again] = yield* Stream.runCollect(pickRows(options, index, Int32Array.from(pair)))
    if (first?.record.promptId !== again?.record.promptId || !first || !again) continue
    const { promptId } = again.record
    return new PromptRepeated({ line: again.line.number, first: first.line.number, promptId })
  }
  return undefined
})

/**
 * Reads a file of prompts once, row by row, and gives where those lie that `keep` says yes to.
 *
 * Domain   Memory holds 24 bytes for each prompt beside the row at hand.
 * Fails    DatasetError: FileUnreadable, LineNotJson, RowInvalid, PromptRepeated, KindUnsupported, RowsMissing.
 */
export const indexPrompts = Effect.fn("indexPrompts")(function* (
  options: DatasetOptions<"prompts">,
  keep: (prompt: Prompt) => boolean = () => true
) {
  const fail = (reason: DatasetError["reason"]) => new DatasetError({ path: options.source.path, reason })
  const ids = new Growing((length) => new Float64Array(length))
  const [all, kept] = [places(), places()]
  yield* Stream.runForEach(streamRows(options), ({ line, record }) =>
    Effect.sync(() => {
      ids.push(fingerprint(record.promptId))
      all.push(line)
      if (keep(record)) kept.push(line)
    })
  )
  if (ids.length === 0) return yield* fail(new RowsMissing())
  const repeated = yield* firstRepetition(options, all.index(), ids.numbers)
  if (repeated) return yield* fail(repeated)
  return kept.index()
})
