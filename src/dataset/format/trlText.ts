import type { Format } from "./RowReader.ts"

/**
 * Lines `{text}` of language modelling: known by name, and no record is made of them, for nothing in them is a response.
 *
 * Source   TRL's documentation of data-set formats, "language modeling", standard. Its conversational form is `chatMl`.
 */
export const trlText: Format = {}
