import { Schema } from "effect"

const list = (names: ReadonlyArray<string>) => names.map((name) => `"${name}"`).join(", ")

/** A file of the folder that is not as the encoder reads it. */
export class ConfigInvalid extends Schema.TaggedError<ConfigInvalid>()("ConfigInvalid", {
  file: Schema.String,
  issues: Schema.String
}) {
  override get message() {
    return `"${this.file}": ${this.issues}`
  }
}

/** A kind of model that is not an encoder we know. */
export class ModelTypeUnknown extends Schema.TaggedError<ModelTypeUnknown>()("ModelTypeUnknown", {
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `"model_type" is "${this.found}", wanted one of ${list(this.known)}`
  }
}

/** A setting that would be computed wrongly. */
export class FeatureUnsupported extends Schema.TaggedError<FeatureUnsupported>()("FeatureUnsupported", {
  file: Schema.String,
  key: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `"${this.key}" of "${this.file}" is ${this.found}, wanted ${this.wanted}`
  }
}

/** A token that every text of the encoder starts or ends with, and that the tokenizer does not have. */
export class TokenMissing extends Schema.TaggedError<TokenMissing>()("TokenMissing", { token: Schema.String }) {
  override get message() {
    return `found no special token "${this.token}" in "tokenizer.json", wanted the one that texts are framed with`
  }
}

/** A bound on the length of texts that leaves no room for one token of the text, or goes past the model's positions. */
export class MaxTokensOutside extends Schema.TaggedError<MaxTokensOutside>()("MaxTokensOutside", {
  found: Schema.Finite,
  largest: Schema.Int
}) {
  override get message() {
    return `texts of at most ${this.found} tokens are asked for, wanted 3 to ${this.largest}`
  }
}

/** The model could not be run. */
export class ModelFailed extends Schema.TaggedError<ModelFailed>()("ModelFailed", { cause: Schema.Defect() }) {
  override get message() {
    return this.cause instanceof Error ? this.cause.message : String(this.cause)
  }
}

/** Why a sentence encoder could not be opened or asked. */
export class EmbeddingError extends Schema.TaggedError<EmbeddingError>()("EmbeddingError", {
  action: Schema.Literals(["open", "ask"]),
  folder: Schema.String,
  reason: Schema.Union([
    ConfigInvalid,
    ModelTypeUnknown,
    FeatureUnsupported,
    TokenMissing,
    MaxTokensOutside,
    ModelFailed
  ])
}) {
  override get message() {
    return `Cannot ${this.action} the sentence encoder "${this.folder}": ${this.reason.message}`
  }
}
