import { Schema } from "effect"
import { remoteReasons } from "../remote/mod.ts"

/** A conversation and response that could not be encoded for the reward model. */
export class ResponseInvalid extends Schema.TaggedError<ResponseInvalid>()("ResponseInvalid", {
  row: Schema.Int,
  response: Schema.Int,
  cause: Schema.Defect()
}) {
  override get message() {
    const found = this.cause instanceof Error ? this.cause.message : String(this.cause)
    return `response ${this.response} of row ${this.row}: ${found}`
  }
}

/** The model behind the reward could not be read or run. */
export class ModelFailed extends Schema.TaggedError<ModelFailed>()("ModelFailed", {
  model: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `model "${this.model}": ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

/** A number that is none. Domain: `row` and `response` count from 0. */
export class RewardInvalid extends Schema.TaggedError<RewardInvalid>()("RewardInvalid", {
  member: Schema.Int,
  row: Schema.Int,
  found: Schema.String
}) {
  override get message() {
    return `member ${this.member} of the ensemble, row ${this.row}: found ${this.found}, wanted one finite number per response`
  }
}

/** Why a reward gave no number. */
export class ScorerError extends Schema.TaggedError<ScorerError>()("ScorerError", {
  reason: Schema.Union([ResponseInvalid, ModelFailed, RewardInvalid, ...remoteReasons])
}) {
  override get message() {
    return `Cannot score responses: ${this.reason.message}`
  }
}
