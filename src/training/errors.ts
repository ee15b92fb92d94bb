import { Schema } from "effect"

export class NoExamples extends Schema.TaggedError<NoExamples>()("NoExamples", { dropped: Schema.Finite }) {
  override get message() {
    return this.dropped === 0 ? "found no examples" : `found no examples after ${this.dropped} were dropped`
  }
}

export class ExampleInvalid extends Schema.TaggedError<ExampleInvalid>()("ExampleInvalid", {
  promptId: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `example "${this.promptId}": ${this.cause instanceof Error ? this.cause.message : String(this.cause)}`
  }
}

export class LossNotFinite extends Schema.TaggedError<LossNotFinite>()("LossNotFinite", {
  step: Schema.Finite,
  what: Schema.Literals(["loss", "gradient norm"]),
  found: Schema.String
}) {
  override get message() {
    return `the ${this.what} of step ${this.step} is ${this.found}; lower the learning rate, or look for damaged weights in the model it started from`
  }
}

export class FirstLossDiffers extends Schema.TaggedError<FirstLossDiffers>()("FirstLossDiffers", {
  found: Schema.Finite,
  wanted: Schema.Finite
}) {
  override get message() {
    return `the first loss is ${this.found} although policy and reference are the same model, wanted ln 2 = ${this.wanted}`
  }
}

export class ReferenceMissing extends Schema.TaggedError<ReferenceMissing>()("ReferenceMissing", {}) {
  override get message() {
    return "found no reference model, wanted one for DPO"
  }
}

export class StateDiffers extends Schema.TaggedError<StateDiffers>()("StateDiffers", {
  found: Schema.Array(Schema.Finite),
  wanted: Schema.Array(Schema.Finite)
}) {
  override get message() {
    return `Cannot restore weights and moments: found arrays of ${this.found.join(", ")} elements, wanted ${this.wanted.join(", ")}; they are of another model or optimizer`
  }
}

/** Why a training run gave no model. */
export class TrainingError extends Schema.TaggedError<TrainingError>()("TrainingError", {
  model: Schema.String,
  reason: Schema.Union([NoExamples, ExampleInvalid, LossNotFinite, FirstLossDiffers, ReferenceMissing])
}) {
  override get message() {
    return `Cannot train from "${this.model}": ${this.reason.message}`
  }
}
