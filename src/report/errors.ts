import { Schema } from "effect"

/** A row whose rewards do not belong to its responses. Domain: `row` counts from 0. */
export class RewardsDiffer extends Schema.TaggedError<RewardsDiffer>()("RewardsDiffer", {
  row: Schema.Int,
  promptId: Schema.String,
  found: Schema.Int,
  wanted: Schema.Int
}) {
  override get message() {
    return `row ${this.row}, prompt "${this.promptId}": found ${this.found} rewards, wanted ${this.wanted}, one for each response`
  }
}

/** Rows of which none has a coefficient. */
export class CoefficientsMissing extends Schema.TaggedError<CoefficientsMissing>()("CoefficientsMissing", {
  prompts: Schema.Int,
  single: Schema.Int,
  sameLength: Schema.Int,
  sameReward: Schema.Int
}) {
  override get message() {
    const why = `${this.single} with fewer than two responses, ${this.sameLength} with responses of one length, ${this.sameReward} of one reward`
    return `found no prompt with a coefficient among ${this.prompts} (${why}), wanted one whose responses differ in length and reward`
  }
}

/** Why a report could not be made of a file. */
export class ReportError extends Schema.TaggedError<ReportError>()("ReportError", {
  path: Schema.String,
  reason: Schema.Union([RewardsDiffer, CoefficientsMissing])
}) {
  override get message() {
    return `Cannot report on "${this.path}": ${this.reason.message}`
  }
}
