import { Schema } from "effect"
import { remoteReasons } from "../remote/mod.ts"

/** The prompt does not fit: no room is left for a new token. */
export class PromptTooLong extends Schema.TaggedError<PromptTooLong>()("PromptTooLong", {
  promptId: Schema.String,
  tokens: Schema.Int,
  contextLength: Schema.Int
}) {
  override get message() {
    return `prompt "${this.promptId}" has ${this.tokens} tokens, wanted fewer than ${this.contextLength}`
  }
}

/** The prompt could not be rendered or encoded as tokens. */
export class PromptInvalid extends Schema.TaggedError<PromptInvalid>()("PromptInvalid", {
  promptId: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `prompt "${this.promptId}": ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

/** The model behind the policy could not be read or run. */
export class ModelFailed extends Schema.TaggedError<ModelFailed>()("ModelFailed", {
  model: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `model "${this.model}": ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

/** Why a policy gave no responses. */
export class SamplerError extends Schema.TaggedError<SamplerError>()("SamplerError", {
  reason: Schema.Union([PromptTooLong, PromptInvalid, ModelFailed, ...remoteReasons])
}) {
  override get message() {
    return `Cannot sample responses: ${this.reason.message}`
  }
}
