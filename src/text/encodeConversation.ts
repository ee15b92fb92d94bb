import { Result } from "effect"
import type { LearnedTurns, Message } from "../../schemas/mod.ts"
import { encodeCut } from "./encodeCut.ts"
import { EndTokenMissing, ResponseEmpty, TextError } from "./errors.ts"
import { findTurns, notPrefix, type Turn, type Turns } from "./findTurns.ts"
import { joinIds } from "./joinIds.ts"
import { fromMask, type Learned } from "./learnedMask.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** A conversation and its response as ids, with what is learned of it. */
export interface EncodedConversation extends Learned {
  readonly ids: Int32Array
  /** Ids before the response. */
  readonly responseStart: number
  /** Whether the template printed two start tokens, of which one is kept. */
  readonly startRemoved: boolean
  /** Turns before which the text's own ids have a token across, kept apart here. */
  readonly apart: number
}

export interface ConversationOptions {
  /** The assistant turns that are learned; the last alone, without a choice. */
  readonly turns?: LearnedTurns | undefined
  readonly emptyResponse?: "error" | "allow" | undefined
  /** Whether what the template prints after the last end token, a line break as a rule, is left out or learned. */
  readonly afterEnd?: "leave" | "learn" | undefined
}

const fail = (reason: TextError["reason"]) => Result.fail(new TextError({ reason }))

/** Where the text of the response ends, or undefined where the template prints an end token after it. */
const unendedAt = (tokenizer: Tokenizer, { responseAt, text }: Turns, response: string): number | undefined => {
  const rest = text.slice(responseAt)
  const printed = [response, response.trim()].find((said) => rest.includes(said)) // some templates trim
  const end = printed === undefined ? 0 : rest.indexOf(printed) + printed.length
  const ended = tokenizer.encode(rest.slice(end)).some((id) => tokenizer.eosIds.includes(id))
  return ended ? undefined : responseAt + (printed === undefined ? rest.length : end)
}

const cutsOf = (turns: ReadonlyArray<Turn>): ReadonlyArray<number> =>
  turns.flatMap(({ begin, end }) => (end === undefined ? [begin] : [begin, end]))

const lastEnd = ({ eosIds }: Tokenizer, ids: Int32Array, from: number, limit: number): number => {
  let at = limit - 1
  while (at >= from && !eosIds.includes(ids[at] ?? -1)) at -= 1
  return at < from ? -1 : at
}

/** The ids of the whole conversation, up to its last end token. */
const encodeAll = (tokenizer: Tokenizer, found: Turns, response: string, options: ConversationOptions) =>
  Result.gen(function* () {
    const unended = unendedAt(tokenizer, found, response)
    const cuts = cutsOf(found.turns).filter((cut) => unended === undefined || cut <= unended)
    const cut = encodeCut(tokenizer, found.text.slice(0, unended), cuts)
    if (unended === undefined) {
      const stop = options.afterEnd === "learn" ? cut.ids.length : lastEnd(tokenizer, cut.ids, 0, cut.ids.length) + 1
      return { ...cut, ids: cut.ids.slice(0, stop), added: [] }
    }
    const [endId] = tokenizer.eosIds
    return endId === undefined
      ? yield* fail(new EndTokenMissing())
      : { ...cut, ids: joinIds(cut.ids, [endId]), added: [[cut.ids.length, cut.ids.length + 1] as const] }
  })

type Range = readonly [from: number, to: number]

/** The ids of an earlier turn, its end token the last: those that the conversation up to this turn begins with too. */
const earlierTurn = (
  tokenizer: Tokenizer,
  { text, turns }: Turns,
  options: { readonly ids: Int32Array; readonly from: number; readonly turn: Turn }
): Result.Result<Range, TextError> => {
  const { from, ids, turn } = options
  const cuts = turns.flatMap(({ begin }) => (begin <= turn.begin ? [begin] : []))
  const alone = encodeCut(tokenizer, turn.alone, cuts).ids
  let shared = 0
  while (shared < alone.length && alone[shared] === ids[shared]) shared += 1
  const end = lastEnd(tokenizer, ids, from, shared)
  if (end >= 0) return Result.succeed([from, end + 1])
  return text.startsWith(turn.alone) && shared > from
    ? Result.succeed([from, shared])
    : Result.fail(notPrefix(turn.turn, turn.alone, text))
}

const rangesOf = (tokenizer: Tokenizer, found: Turns, ids: Int32Array, starts: ReadonlyArray<number>) =>
  Result.all(
    found.turns.map((turn, i): Result.Result<Range, TextError> => {
      const last = i === found.turns.length - 1
      if (turn.end !== undefined) return Result.succeed([starts[2 * i] ?? 0, starts[2 * i + 1] ?? ids.length])
      const from = starts[i] ?? 0
      return last ? Result.succeed([from, ids.length]) : earlierTurn(tokenizer, found, { ids, from, turn })
    })
  )

const maskOf = (length: number, ranges: ReadonlyArray<Range>): Uint8Array => {
  const mask = new Uint8Array(length)
  for (const [from, to] of ranges) mask.fill(1, from, to)
  return mask
}

/**
 * A conversation and its response as token ids, with a mask of what the assistant says.
 *
 * The parts are those that the template marks with {% generation %} tags, exactly; where it has none, those by which the
 * conversation differs from the prompt before each turn, the end token included and what follows it left out. The ids are
 * those of the rendered text; only where a token would reach across the end of a prompt it is kept apart, so that a model
 * is trained on what it will be asked. A template that prints no end token gets the tokenizer's. A special token's name
 * typed inside a message is read as that token.
 *
 * Fails    TextError: TemplateMissing, TemplateFailed, EndTokenMissing, PromptNotPrefix, NothingMarked, ResponseEmpty.
 */
export const encodeConversation = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  response: string,
  options: ConversationOptions = {}
): Result.Result<EncodedConversation, TextError> =>
  Result.gen(function* () {
    if (response.trim() === "" && options.emptyResponse !== "allow") return yield* fail(new ResponseEmpty())
    const answered = [...messages, { role: "assistant", content: response } as const]
    const found = yield* findTurns(tokenizer, answered, options.turns ?? "last")
    const { added, apart, ids, startRemoved, starts } = yield* encodeAll(tokenizer, found, response, options)
    const ranges = [...(yield* rangesOf(tokenizer, found, ids, starts)), ...added]
    const responseIndex = cutsOf(found.turns).indexOf(found.responseAt)
    return {
      ids,
      ...fromMask(maskOf(ids.length, ranges)),
      responseStart: starts[responseIndex] ?? 0,
      startRemoved,
      apart
    }
  })
