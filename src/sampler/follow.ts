import { readAlong, type Tokenizer } from "../text/mod.ts"
import type { Listener } from "./decoder/Row.ts"
import type { Drawn, Piece, RolloutRequest } from "./Rollout.ts"

interface Ends {
  /** Ids that end a response; they are not written. */
  readonly endIds: ReadonlySet<number>
  readonly tokenizer: Tokenizer
}

/** A listener that tells a response piece by piece; the last piece has `finish`. */
export const followPieces = (
  { endIds, tokenizer }: Ends,
  request: RolloutRequest,
  hear: { readonly piece: (piece: Piece) => void; readonly failed: Listener["failed"] }
): Listener => {
  const reader = readAlong(tokenizer, request.stop)
  let tokens = 0
  const read = (id: number): Pick<Piece, "text" | "finish"> => {
    if (endIds.has(id)) return { text: reader.rest(), finish: "stop" }
    const { stopped, text } = reader.push(id)
    if (stopped) return { text, finish: "stop" }
    return tokens < request.maxNewTokens ? { text } : { text: text + reader.rest(), finish: "length" }
  }
  return {
    token: (id, logProbability) => {
      tokens += 1
      const piece = read(id)
      hear.piece({ id, ...piece, ...(logProbability === undefined ? {} : { logProbability }) })
      return piece.finish === undefined
    },
    failed: hear.failed
  }
}

/** A response whose text is written when it is asked for. */
export interface Ended extends Omit<Drawn, "text"> {
  readonly text: () => string
}

/** A listener that gives a response when it is whole; unless a stop string has to be found, its text is written later. */
export const followWhole = (
  ends: Ends,
  request: RolloutRequest,
  hear: { readonly ended: (ended: Ended) => void; readonly failed: Listener["failed"] }
): Listener => {
  const { endIds, tokenizer } = ends
  const ids: Array<number> = []
  const logProbabilities: Array<number> = []
  const end = (text: () => string, finish: Drawn["finish"]) => {
    hear.ended({ ids, text, finish, ...(request.logProbabilities === true ? { logProbabilities } : {}) })
    return false
  }
  const add = (id: number, logProbability: number | undefined) => {
    ids.push(id)
    if (logProbability !== undefined) logProbabilities.push(logProbability)
  }
  const textOf = (said: ReadonlyArray<number>) => () => tokenizer.decode(said, { skipSpecialTokens: true })
  if ((request.stop ?? []).length === 0) {
    return {
      token: (id, logProbability) => {
        add(id, logProbability)
        if (endIds.has(id)) return end(textOf(ids.slice(0, -1)), "stop")
        return ids.length < request.maxNewTokens || end(textOf(ids), "length")
      },
      failed: hear.failed
    }
  }
  let text = ""
  const piece = (each: Piece) => {
    add(each.id, each.logProbability)
    text += each.text
    if (each.finish !== undefined) end(() => text, each.finish)
  }
  return followPieces(ends, request, { piece, failed: hear.failed })
}
