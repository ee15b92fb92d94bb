import { Effect } from "effect"
import { mostLikely } from "../../model/mod.ts"
import { uniform } from "../../random/mod.ts"
import { candidatesAtFirst } from "./makeChooser.ts"
import { stepRows } from "./makeSteps.ts"
import { leave, type OpenCache } from "./OpenCache.ts"
import { choosesAmongFew, type Growing } from "./Row.ts"
import type { Slot } from "./Slot.ts"

/** Rows from the first slot to the last in which one grows. */
export const rowsInUse = (open: OpenCache): number =>
  open.slots.reduce((rows, { index, row }) => (row?.ready ? index + 1 : rows), 0)

/** The number under which a row's next token is drawn. */
const chanceOf = ({ ids, row }: Growing): number =>
  row.temperature > mostLikely.temperature ? uniform(row.key, ids.length) : mostLikely.uniform

/** Writes what a step reads. A slot in which no row grows writes where it holds nothing that anybody reads again. */
const write = ({ arrays, slots }: OpenCache, rows: number): void => {
  let longest = 0
  for (let i = 0; i < rows; i++) {
    const slot = slots[i]
    const growing = slot?.row?.ready ? slot.row : undefined
    const length = growing?.length ?? slot?.read.length ?? 0
    arrays.ids[i] = BigInt(growing?.next ?? 0)
    arrays.lengths[i] = length
    arrays.uniform[i] = growing ? chanceOf(growing) : 0
    longest = Math.max(longest, length)
  }
  arrays.longest[0] = longest + 1
}

/** Hands a drawn token on; the row goes on, or frees its slot. */
const take = (open: OpenCache, slot: Slot, growing: Growing): void => {
  const { arrays, made, parts } = open
  const { logProbabilities, maxNewTokens, repetitionPenalty = 1 } = growing.row
  const id = Number(arrays.token[slot.index])
  growing.ids.push(id)
  const told = logProbabilities === true ? made?.arrays.logProbability[slot.index] : undefined
  const goesOn = growing.listener.token(id, told) && growing.ids.length < maxNewTokens
  if (!goesOn) return leave(open, slot)
  growing.next = id
  growing.length += 1
  if (made && repetitionPenalty !== 1) made.arrays.seen[slot.index * parts.config.vocab_size + id] = 1
}

/** Whether a row asks for more of the most likely tokens than are sorted at first. */
const asksForMany = ({ row }: Growing): boolean => (row.topK ?? 0) > candidatesAtFirst

/**
 * Draws one token for every row that grows.
 *
 * Fails    RuntimeError.
 */
export const advance = Effect.fnUntraced(function* (open: OpenCache) {
  const used = rowsInUse(open)
  if (used === 0) return
  const rows = stepRows(used, open.slots.length)
  write(open, rows)
  const growing = open.slots.flatMap(({ row }) => (row?.ready ? [row] : []))
  const limited = growing.some(({ row }) => choosesAmongFew(row))
  const told = growing.some(({ row }) => row.logProbabilities)
  const chooser = limited || told ? open.made : undefined
  yield* open.step(rows, chooser?.arrays.logits)
  if (limited) yield* chooser?.choose(rows, growing.some(asksForMany) ? "all" : "few") ?? Effect.void
  if (told) yield* chooser?.tellLogProbabilities(rows) ?? Effect.void
  for (const slot of open.slots) if (slot.row?.ready) take(open, slot, slot.row)
})
