import { Schema } from "effect"

/** A service answered with another number of rows or responses than it was asked for, or in another order. */
export class AnswerDiffers extends Schema.TaggedError<AnswerDiffers>()("AnswerDiffers", {
  stage: Schema.String,
  promptId: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `answer to prompt "${this.promptId}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** Why a stage could not do its work. */
export class StageError extends Schema.TaggedError<StageError>()("StageError", {
  action: Schema.String,
  reason: Schema.Union([AnswerDiffers])
}) {
  override get message() {
    return `Cannot ${this.action}: ${this.reason.message}`
  }
}
