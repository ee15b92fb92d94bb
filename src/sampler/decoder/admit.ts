import { Effect } from "effect"
import { leave, type OpenCache, seat } from "./OpenCache.ts"
import { choosesAmongFew, type Growing, tokensNeeded } from "./Row.ts"
import { placeOf, type Slot } from "./Slot.ts"

/** What a slot holds before a row grows: all tokens of the prompt but the last, which the first step reads. */
const toRead = ({ row }: Growing): Int32Array => row.prompt.subarray(0, -1)

/** Gives the next row that waits a free slot, and there what another slot holds of its prompt. */
const place = Effect.fnUntraced(function* (open: OpenCache, waiting: Array<Growing>) {
  while (waiting[0]?.cancelled) waiting.shift()
  const [next] = waiting
  if (next === undefined || tokensNeeded(next.row) > open.cache.length) return undefined
  const prompt = toRead(next)
  const found = placeOf(open.slots, prompt)
  if (found === undefined) return undefined
  const { shared, source, target } = found
  waiting.shift()
  target.row = next
  target.read = new Int32Array()
  if (source !== target) {
    yield* open.parts.copy(open.cache, { from: source.index, to: target.index, tokens: shared })
  }
  target.read = prompt.subarray(0, shared)
  return target
})

/** Seats a row whose prompt is in its slot; what reads logits is made when a row first asks for it. */
const start = Effect.fnUntraced(function* (open: OpenCache, slot: Slot, growing: Growing) {
  if (choosesAmongFew(growing.row) || growing.row.logProbabilities === true) yield* open.chooser
  seat(open, slot, growing)
})

/**
 * Lets rows that wait into free slots and reads their prompts, one after another, up to `chunk` tokens in all; a prompt
 * longer than that is read over several calls, between which the others grow.
 *
 * Fails    RuntimeError.
 */
export const admit = Effect.fnUntraced(function* (open: OpenCache, waiting: Array<Growing>, chunk: number) {
  let left = chunk
  while (left > 0) {
    const slot = open.slots.find(({ row }) => row?.ready === false) ?? (yield* place(open, waiting))
    if (slot?.row === undefined) return
    if (slot.row.cancelled) {
      leave(open, slot)
      continue
    }
    const prompt = toRead(slot.row)
    const from = slot.read.length
    if (prompt.length - from > left && left < chunk) return // cut only what is longer than a whole chunk
    const part = prompt.subarray(from, from + left)
    if (part.length > 0) yield* open.read(slot.index, part, from)
    slot.read = prompt.subarray(0, from + part.length)
    left -= part.length
    if (slot.read.length === prompt.length) yield* start(open, slot, slot.row)
  }
})
