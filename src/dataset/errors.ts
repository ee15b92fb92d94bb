import { Schema } from "effect"

export class FileUnreadable extends Schema.TaggedError<FileUnreadable>()("FileUnreadable", {
  found: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `found ${this.found}, wanted a file of JSON lines (plain, or compressed with a name that ends in .gz)`
  }
}

export class LineNotJson extends Schema.TaggedError<LineNotJson>()("LineNotJson", {
  line: Schema.Int,
  found: Schema.String
}) {
  override get message() {
    return `line ${this.line} is ${JSON.stringify(this.found)}, wanted one JSON value`
  }
}

export class RowInvalid extends Schema.TaggedError<RowInvalid>()("RowInvalid", {
  line: Schema.Int,
  format: Schema.String,
  issues: Schema.String
}) {
  override get message() {
    return `line ${this.line} is not a row of format "${this.format}": ${this.issues}`
  }
}

export class PromptRepeated extends Schema.TaggedError<PromptRepeated>()("PromptRepeated", {
  line: Schema.Int,
  first: Schema.Int,
  promptId: Schema.String
}) {
  override get message() {
    return `line ${this.line} repeats promptId "${this.promptId}" of line ${this.first}, wanted each promptId once`
  }
}

export class KindUnsupported extends Schema.TaggedError<KindUnsupported>()("KindUnsupported", {
  format: Schema.String,
  kind: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `format "${this.format}" holds no ${this.kind}, wanted one of ${this.known.map((name) => `"${name}"`).join(", ")}`
  }
}

export class RowsMissing extends Schema.TaggedError<RowsMissing>()("RowsMissing", {}) {
  override get message() {
    return "found no rows, wanted at least one"
  }
}

/** Why a file of prompts, preferences or demonstrations cannot be read. */
export class DatasetError extends Schema.TaggedError<DatasetError>()("DatasetError", {
  path: Schema.String,
  reason: Schema.Union([FileUnreadable, LineNotJson, RowInvalid, PromptRepeated, KindUnsupported, RowsMissing])
}) {
  override get message() {
    return `Cannot read "${this.path}": ${this.reason.message}`
  }
}
