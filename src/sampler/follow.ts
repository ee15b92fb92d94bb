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

/** A listener that gives a response when it is whole; where nothing asks for the text before that, it is written once. */
export const followWhole = (
  ends: Ends,
  request: RolloutRequest,
  hear: { readonly drawn: (drawn: Drawn) => void; readonly failed: Listener["failed"] }
): Listener => {
  const { endIds, tokenizer } = ends
  const ids: Array<number> = []
  const logProbabilities: Array<number> = []
  const told = () => (request.logProbabilities === true ? { logProbabilities } : {})
  const finish = (text: string, why: Drawn["finish"]) => {
    hear.drawn({ ids, text, finish: why, ...told() })
    return false
  }
  const add = (id: number, logProbability: number | undefined) => {
    ids.push(id)
    if (logProbability !== undefined) logProbabilities.push(logProbability)
  }
  const textOf = (said: ReadonlyArray<number>) => tokenizer.decode(said, { skipSpecialTokens: true })
  if ((request.stop ?? []).length === 0) {
    return {
      token: (id, logProbability) => {
        add(id, logProbability)
        if (endIds.has(id)) return finish(textOf(ids.slice(0, -1)), "stop")
        return ids.length < request.maxNewTokens || finish(textOf(ids), "length")
      },
      failed: hear.failed
    }
  }
  let text = ""
  const piece = (each: Piece) => {
    add(each.id, each.logProbability)
    text += each.text
    if (each.finish !== undefined) finish(text, each.finish)
  }
  return followPieces(ends, request, { piece, failed: hear.failed })
}
