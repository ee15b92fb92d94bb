import { Schema } from "effect"

/** A law that a stage does not keep. Domain: `found` tells the smallest rows that were found, and how to try them again. */
export class LawBroken extends Schema.TaggedError<LawBroken>()("LawBroken", {
  stage: Schema.String,
  law: Schema.String,
  found: Schema.String
}) {
  override get message() {
    return `Stage "${this.stage}" breaks a law: ${this.law}\n${this.found}`
  }
}
