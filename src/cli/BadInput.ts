import { Data } from "effect"

/** What a person gave a command has to be corrected: it ends with exit code 2. */
export class BadInput extends Data.TaggedError("BadInput")<{ readonly message: string }> {
  readonly isBadInput = true
}
