import { Schema } from "effect"
import { remoteReasons } from "../remote/mod.ts"

const detail = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** A question that could not be put to the model. Domain: `row` counts from 0. */
export class QuestionInvalid extends Schema.TaggedError<QuestionInvalid>()("QuestionInvalid", {
  row: Schema.Int,
  cause: Schema.Defect()
}) {
  override get message() {
    return `row ${this.row}: ${detail(this.cause)}`
  }
}

/** The model behind the preference could not be read or run. */
export class ModelFailed extends Schema.TaggedError<ModelFailed>()("ModelFailed", {
  model: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `model "${this.model}": ${detail(this.cause)}`
  }
}

/** The reward behind a Bradley-Terry preference gave no number. */
export class RewardFailed extends Schema.TaggedError<RewardFailed>()("RewardFailed", { cause: Schema.Defect() }) {
  override get message() {
    return `the reward behind the preference: ${detail(this.cause)}`
  }
}

/** The policy that judges gave no answer. */
export class PolicyFailed extends Schema.TaggedError<PolicyFailed>()("PolicyFailed", { cause: Schema.Defect() }) {
  override get message() {
    return `the policy that judges: ${detail(this.cause)}`
  }
}

/** The persons who judge could not be asked. */
export class PersonsFailed extends Schema.TaggedError<PersonsFailed>()("PersonsFailed", { cause: Schema.Defect() }) {
  override get message() {
    return `the persons who judge: ${detail(this.cause)}`
  }
}

/** A probability that is none. Domain: `row` counts from 0. */
export class ChanceInvalid extends Schema.TaggedError<ChanceInvalid>()("ChanceInvalid", {
  row: Schema.Int,
  found: Schema.String
}) {
  override get message() {
    return `row ${this.row}: found ${this.found}, wanted a probability from 0 to 1`
  }
}

/** Why a preference gave no probability. */
export class JudgeError extends Schema.TaggedError<JudgeError>()("JudgeError", {
  reason: Schema.Union([
    QuestionInvalid,
    ModelFailed,
    RewardFailed,
    PolicyFailed,
    PersonsFailed,
    ChanceInvalid,
    ...remoteReasons
  ])
}) {
  override get message() {
    return `Cannot compare responses: ${this.reason.message}`
  }
}
