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

/** A stage that needs a column the one before it does not give. Stages count from 1. */
export class ColumnMissing extends Schema.TaggedError<ColumnMissing>()("ColumnMissing", {
  reader: Schema.String,
  column: Schema.String,
  writer: Schema.String,
  columns: Schema.Array(Schema.String)
}) {
  override get message() {
    return `${this.reader} needs column "${this.column}", ${this.writer} gives ${this.columns.join(", ")}`
  }
}

/** Why a stage could not do its work. */
export class StageError extends Schema.TaggedError<StageError>()("StageError", {
  action: Schema.String,
  reason: Schema.Union([AnswerDiffers, ColumnMissing])
}) {
  override get message() {
    return `Cannot ${this.action}: ${this.reason.message}`
  }
}
