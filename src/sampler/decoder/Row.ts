import type { Key } from "../../random/mod.ts"
import type { Choosing } from "../Policy.ts"

/**
 * One response to be drawn.
 *
 * Domain   At least one token in `prompt`; temperature 0 takes the most likely token; maxNewTokens ≥ 1.
 */
export interface Row extends Omit<Choosing, "stop"> {
  readonly prompt: Int32Array
  readonly temperature: number
  readonly maxNewTokens: number
  /** The key of all chance of this response: the position of a token is the index under it. */
  readonly key: Key
}

/** Who hears the tokens of a row, in order, between two steps: quick, and never throwing. */
export interface Listener {
  /** False ends the row. Units: nats. */
  readonly token: (id: number, logProbability: number | undefined) => boolean
  /** No further token comes. */
  readonly failed: (cause: unknown) => void
}

/** A row that waits for a slot, or grows in one. */
export interface Growing {
  readonly row: Row
  readonly listener: Listener
  /** Tokens drawn so far. */
  readonly ids: Array<number>
  /** The token that the next step reads, and where in the slot it lands. */
  next: number
  length: number
  /** Its prompt is in the slot: it takes part in steps. */
  ready: boolean
  cancelled: boolean
}

/** A row that begins. */
export const begin = (row: Row, listener: Listener): Growing => ({
  row,
  listener,
  ids: [],
  next: row.prompt.at(-1) ?? 0,
  length: row.prompt.length - 1,
  ready: false,
  cancelled: false
})

/** Tokens of the cache that a row needs: the last token drawn is not read. */
export const tokensNeeded = ({ prompt, maxNewTokens }: Pick<Row, "prompt" | "maxNewTokens">): number =>
  prompt.length + maxNewTokens - 1

/** Whether more than the temperature decides which token comes. */
export const choosesAmongFew = ({ minP = 0, repetitionPenalty = 1, topK, topP = 1 }: Row): boolean =>
  topK !== undefined || topP < 1 || minP > 0 || repetitionPenalty !== 1
