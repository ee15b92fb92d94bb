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

export class ResponsesIdentical extends Schema.TaggedError<ResponsesIdentical>()("ResponsesIdentical", {}) {
  override get message() {
    return "Cannot learn from the pair: chosen and rejected are the same tokens, wanted two responses that differ"
  }
}

export class NothingLearned extends Schema.TaggedError<NothingLearned>()("NothingLearned", {}) {
  override get message() {
    return "Cannot learn from the example: every token is masked, wanted at least one that the assistant says"
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

/** Why a training run gave no model. */
export class TrainingError extends Schema.TaggedError<TrainingError>()("TrainingError", {
  model: Schema.String,
  reason: Schema.Union([NoExamples, ExampleInvalid, LossNotFinite, FirstLossDiffers, ReferenceMissing])
}) {
  override get message() {
    return `Cannot train from "${this.model}": ${this.reason.message}`
  }
}
