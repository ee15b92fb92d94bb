import { Schema } from "effect"

const quoted = (names: ReadonlyArray<string>) => names.map((name) => `"${name}"`).join(", ")

export class FormatUnknown extends Schema.TaggedError<FormatUnknown>()("FormatUnknown", {
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found format "${this.found}", wanted one of ${quoted(this.known)}`
  }
}

export class DtypeUnknown extends Schema.TaggedError<DtypeUnknown>()("DtypeUnknown", {
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found dtype "${this.found}", wanted one of ${quoted(this.known)}`
  }
}

export class PathTaken extends Schema.TaggedError<PathTaken>()("PathTaken", {
  into: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `"${this.into}" is ${this.found}, wanted ${this.wanted}`
  }
}

export class FamilyUnsupported extends Schema.TaggedError<FamilyUnsupported>()("FamilyUnsupported", {
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `"model_type" is "${this.found}", wanted one of ${quoted(this.known)}`
  }
}

export class ConfigUnsupported extends Schema.TaggedError<ConfigUnsupported>()("ConfigUnsupported", {
  key: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `"${this.key}" of config.json is ${this.found}, wanted ${this.wanted}`
  }
}

export class TokenizerUnsupported extends Schema.TaggedError<TokenizerUnsupported>()("TokenizerUnsupported", {
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `tokenizer.json has ${this.found}, wanted ${this.wanted}`
  }
}

export class NotWritten extends Schema.TaggedError<NotWritten>()("NotWritten", {
  detail: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `${this.detail}; nothing was left under this name`
  }
}

export const ExportReason = Schema.Union([
  FormatUnknown,
  DtypeUnknown,
  PathTaken,
  FamilyUnsupported,
  ConfigUnsupported,
  TokenizerUnsupported,
  NotWritten
])
export type ExportReason = typeof ExportReason.Type

/** Why a model was not written in another format. */
export class ExportError extends Schema.TaggedError<ExportError>()("ExportError", {
  model: Schema.String,
  format: Schema.String,
  reason: ExportReason
}) {
  override get message() {
    return `Cannot export "${this.model}" as ${this.format}: ${this.reason.message}`
  }
}
