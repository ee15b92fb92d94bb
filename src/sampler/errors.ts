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

/** An option of a request is outside its domain. */
export class RequestInvalid extends Schema.TaggedError<RequestInvalid>()("RequestInvalid", {
  option: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `option "${this.option}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** Not even one row fits into the memory of the key/value cache. Units: bytes. */
export class CacheTooSmall extends Schema.TaggedError<CacheTooSmall>()("CacheTooSmall", {
  promptId: Schema.String,
  tokens: Schema.Int,
  found: Schema.Finite,
  wanted: Schema.Finite
}) {
  override get message() {
    const row = `prompt "${this.promptId}" and its response need a cache of ${this.tokens} tokens`
    return `${row}: found a budget of ${this.found} bytes, wanted ${this.wanted} (raise "cacheMemory" or lower "maxNewTokens")`
  }
}

/** Why a policy gave no responses; to which prompt, where it may be the prompt's fault. */
export class SamplerError extends Schema.TaggedError<SamplerError>()("SamplerError", {
  promptId: Schema.optionalKey(Schema.String),
  reason: Schema.Union([PromptTooLong, PromptInvalid, RequestInvalid, CacheTooSmall, ModelFailed, ...remoteReasons])
}) {
  override get message() {
    const to = this.promptId === undefined ? "" : ` to prompt "${this.promptId}"`
    return `Cannot sample responses${to}: ${this.reason.message}`
  }
}
