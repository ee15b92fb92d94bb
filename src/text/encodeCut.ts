import { readRendered } from "./encodePrompt.ts"
import { joinIds } from "./joinIds.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** A text as ids, and where in them each cut lies. */
export interface CutIds {
  readonly ids: Int32Array
  /** Index of the first id after each cut. */
  readonly starts: ReadonlyArray<number>
  /** Cuts that the ids of the uncut text have a token across. */
  readonly apart: number
  /** Whether the text began with two start tokens, of which one is kept. */
  readonly startRemoved: boolean
}

const beginsWith = (ids: Int32Array, prefix: Int32Array): boolean => prefix.every((id, i) => id === ids[i])

/**
 * The ids of a rendered text with no token across any of `cuts`: before a cut lie the ids of the text up to there, as a
 * model reads them that is asked to go on from it. Where no token lies across a cut, they are the ids of the text.
 *
 * Units    `cuts` in UTF-16 code units, in order.
 */
export const encodeCut = (tokenizer: Tokenizer, text: string, cuts: ReadonlyArray<number>): CutIds => {
  const first = readRendered(tokenizer, text.slice(0, cuts[0] ?? text.length))
  const starts: Array<number> = []
  let apart = 0
  let closed = new Int32Array() // ids before the last cut that had a token across
  let from = 0 // where that cut lies in the text
  let open = first.ids
  for (const [i, cut] of cuts.entries()) {
    starts.push(closed.length + open.length)
    const part = text.slice(from, cuts[i + 1] ?? text.length)
    const whole = from === 0 ? readRendered(tokenizer, part).ids : tokenizer.encode(part)
    if (beginsWith(whole, open)) {
      open = whole
      continue
    }
    apart += 1
    closed = joinIds(closed, open)
    from = cut
    open = tokenizer.encode(text.slice(cut, cuts[i + 1] ?? text.length))
  }
  return { ids: joinIds(closed, open), starts, apart, startRemoved: first.startRemoved }
}
