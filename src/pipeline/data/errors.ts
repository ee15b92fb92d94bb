import { Schema } from "effect"

const quoted = (names: ReadonlyArray<string>): string => names.map((name) => `"${name}"`).join(", ")

/** A name that names no kind of file that records are written to. */
export class NameUnknown extends Schema.TaggedError<NameUnknown>()("NameUnknown", {
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found a name without a known ending, wanted one of ${quoted(this.known)}, or a folder's name without a "."`
  }
}

/** No record came. */
export class OutputEmpty extends Schema.TaggedError<OutputEmpty>()("OutputEmpty", {}) {
  override get message() {
    return "found no record to write, wanted at least one"
  }
}

/** Why records are not written; nothing is then under the name. */
export class OutputError extends Schema.TaggedError<OutputError>()("OutputError", {
  path: Schema.String,
  reason: Schema.Union([NameUnknown, OutputEmpty])
}) {
  override get message() {
    return `Cannot write "${this.path}": ${this.reason.message}`
  }
}
