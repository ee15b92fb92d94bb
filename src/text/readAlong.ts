import type { Tokenizer } from "./Tokenizer.ts"

/** What a token adds to a text. */
export interface Read {
  /** Text that will not change any more. */
  readonly text: string
  /** A stop string has been written; the text ends before it. */
  readonly stopped: boolean
}

/** Text that follows tokens one by one. */
export interface Reader {
  readonly push: (id: number) => Read
  /** What was held back: for a text that ends without a stop string. */
  readonly rest: () => string
}

/** How a decoder writes bytes that are no character, or not yet one: these are the last, and written as one. */
const incomplete = /\uFFFD$/

/**
 * Tokens that are decoded with the next one, at most twice as many: more than the bytes of a character, and few, so that a
 * response of bytes that never become one, or of tokens without text, is read in a time linear in its length.
 */
const mostKept = 8

/** Tokens as text, piece by piece; bytes of a character that is not whole yet are held back. */
const makeDecoding = (tokenizer: Tokenizer) => {
  const decode = (ids: ReadonlyArray<number>) => tokenizer.decode(ids, { skipSpecialTokens: true })
  // Tokens from the last whole piece on: what comes before a token may change how it is written, as a space does.
  let ids: ReadonlyArray<number> = []
  let before = 0 // tokens of `ids` that are there for that alone
  let given = 0 // characters of their text, and of what was given after it
  const forget = (held: number) => {
    ids = ids.slice(-mostKept)
    before = 0
    given = decode(ids).length - held
  }
  return {
    push: (id: number): string => {
      if (tokenizer.isSpecial(id)) return "" // a character may go on after it
      ids = [...ids, id]
      const text = decode(ids)
      const whole = text.replace(incomplete, "")
      const piece = whole.slice(given)
      if (whole !== text || piece === "") {
        given = Math.max(given, whole.length)
        if (ids.length - before > 2 * mostKept) forget(text.length - given)
        return piece
      }
      ids = ids.slice(before)
      before = ids.length
      given = decode(ids).length
      return piece
    },
    rest: () => decode(ids).slice(given)
  }
}

/** How many characters at the end of `text` may begin a stop string. */
const begun = (text: string, stops: ReadonlyArray<string>): number => {
  const most = Math.min(text.length, Math.max(0, ...stops.map((stop) => stop.length - 1)))
  for (let length = most; length > 0; length--) {
    const end = text.slice(-length)
    if (stops.some((stop) => stop.startsWith(end))) return length
  }
  return 0
}

const firstOf = (text: string, stops: ReadonlyArray<string>): number | undefined => {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0)
  return places.length === 0 ? undefined : Math.min(...places)
}

/**
 * Reads tokens as text while they come: bytes of a character that is not whole yet, and what may be the beginning of a
 * stop string, are held back. The pieces together are the text of all tokens, or what of it stands before a stop string.
 *
 * Domain   Stop strings are not empty. Special tokens are not written.
 */
export const readAlong = (tokenizer: Tokenizer, stops: ReadonlyArray<string> = []): Reader => {
  const decoding = makeDecoding(tokenizer)
  let held = ""
  return {
    push: (id) => {
      const text = held + decoding.push(id)
      const stop = firstOf(text, stops)
      if (stop !== undefined) {
        held = ""
        return { text: text.slice(0, stop), stopped: true }
      }
      const kept = text.length - begun(text, stops)
      held = text.slice(kept)
      return { text: text.slice(0, kept), stopped: false }
    },
    rest: () => held + decoding.rest()
  }
}
