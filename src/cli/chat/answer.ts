import { Effect, Stream } from "effect"
import type { Message } from "../../../schemas/mod.ts"
import { key } from "../../random/mod.ts"
import type { Piece } from "../../sampler/mod.ts"
import type { Talk, TalkOptions } from "./Talk.ts"

/**
 * Writes the answer to a conversation while it is drawn, and gives its text: what was written until then, where it is stopped.
 *
 * Domain   The chance of an answer is key(seed, "chat", turn, attempt).
 * Fails    TextError, SamplerError.
 */
export const answer = Effect.fnUntraced(function* (
  talk: Talk,
  options: TalkOptions,
  asked: { readonly messages: ReadonlyArray<Message>; readonly attempt: number }
) {
  const { contextLength, stream, tokenizing } = talk.rollout
  const { attempt, messages } = asked
  const ids = yield* tokenizing.run("encodePrompt", messages, { contextLength })
  const { maxNewTokens, seed, temperature, topP } = options
  const longest = Math.min(maxNewTokens, contextLength - ids.length)
  const turn = messages.filter(({ role }) => role === "user").length
  const pieces = stream({
    ids,
    key: key(seed, "chat", turn, attempt),
    temperature,
    maxNewTokens: longest,
    ...(topP === undefined ? {} : { topP })
  })
  let text = ""
  let finish: Piece["finish"]
  const hear = (piece: Piece) => {
    text += piece.text
    finish = piece.finish
    return talk.write(piece.text)
  }
  const ended = yield* Effect.raceFirst(Effect.as(Stream.runForEach(pieces, hear), true), Effect.as(talk.stop, false))
  yield* talk.write("\n")
  if (!ended) yield* talk.note("Stopped: what is written stays in the conversation")
  if (finish === "length") yield* talk.note(`Cut after ${longest} tokens`)
  return text
})
