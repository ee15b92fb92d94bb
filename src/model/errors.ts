import { Result, Schema } from "effect"

export class ConfigNotJson extends Schema.TaggedError<ConfigNotJson>()("ConfigNotJson", { found: Schema.String }) {
  override get message() {
    return `found ${this.found}, wanted a JSON object`
  }
}

export class ConfigInvalid extends Schema.TaggedError<ConfigInvalid>()("ConfigInvalid", { issues: Schema.String }) {
  override get message() {
    return this.issues
  }
}

export class ModelTypeUnknown extends Schema.TaggedError<ModelTypeUnknown>()("ModelTypeUnknown", {
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `"model_type" is "${this.found}", wanted one of ${this.known.map((name) => `"${name}"`).join(", ")}`
  }
}

export class FeatureUnsupported extends Schema.TaggedError<FeatureUnsupported>()("FeatureUnsupported", {
  key: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `"${this.key}" is ${this.found}, wanted ${this.wanted}`
  }
}

/** Refuses the value of a key of `config.json`. */
export const unsupported = (key: string, found: unknown, wanted: string): Result.Result<never, FeatureUnsupported> =>
  Result.fail(new FeatureUnsupported({ key, found: JSON.stringify(found) ?? "absent", wanted }))

/** What is wrong with a model's `config.json`. */
export class ModelError extends Schema.TaggedError<ModelError>()("ModelError", {
  path: Schema.String,
  reason: Schema.Union([ConfigNotJson, ConfigInvalid, ModelTypeUnknown, FeatureUnsupported])
}) {
  override get message() {
    return `Cannot read the model config "${this.path}": ${this.reason.message}`
  }
}
