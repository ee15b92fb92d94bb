import { Schema } from "effect"
import { LossError } from "../loss/mod.ts"
import { MemoryExceeded } from "./memory/errors.ts"

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

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
    return `example "${this.promptId}": ${messageOf(this.cause)}`
  }
}

export class ExamplesUnreadable extends Schema.TaggedError<ExamplesUnreadable>()("ExamplesUnreadable", {
  cause: Schema.Defect()
}) {
  override get message() {
    return `the examples cannot be read: ${messageOf(this.cause)}`
  }
}

export class TokensUnkept extends Schema.TaggedError<TokensUnkept>()("TokensUnkept", {
  path: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `"${this.path}" cannot keep the tokens of the examples: ${messageOf(this.cause)}`
  }
}

/** Where numbers stop being numbers: the first example, and the first layer of it. */
const Place = Schema.Struct({ promptId: Schema.String, layer: Schema.String })
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

export class PreferenceMissing extends Schema.TaggedError<PreferenceMissing>()("PreferenceMissing", {}) {
  override get message() {
    return "Cannot ask which response is better: found one response, wanted a chosen and a rejected one"
  }
}

export class LossNotFinite extends Schema.TaggedError<LossNotFinite>()("LossNotFinite", {
  step: Schema.Finite,
  what: Schema.Literals(["loss", "gradient norm", "held-out loss"]),
  found: Schema.String,
  at: Schema.optionalKey(Place),
  kept: Schema.optionalKey(Schema.Struct({ file: Schema.String, step: Schema.Finite }))
}) {
  override get message() {
    const at = this.at ? `, first in ${this.at.layer} on example "${this.at.promptId}"` : ""
    const kept = this.kept === undefined ? "" : `; the weights after step ${this.kept.step} are in "${this.kept.file}"`
    return `the ${this.what} of step ${this.step} is ${this.found}${at}; lower the learning rate, or look for damaged weights in the model it started from${kept}`
  }
}

export class WeightNotFinite extends Schema.TaggedError<WeightNotFinite>()("WeightNotFinite", {
  name: Schema.String,
  place: Schema.Finite,
  found: Schema.String
}) {
  override get message() {
    return `weight "${this.name}" holds ${this.found} at element ${this.place}, wanted finite numbers`
  }
}

export class BatchTooSmall extends Schema.TaggedError<BatchTooSmall>()("BatchTooSmall", {
  loss: Schema.String,
  key: Schema.Literals(["batchSize", "microBatchSize"]),
  found: Schema.Finite
}) {
  override get message() {
    return `the loss "${this.loss}" compares examples with each other, but "${this.key}" is ${this.found}, wanted at least 2`
  }
}

export class ExamplesTooFew extends Schema.TaggedError<ExamplesTooFew>()("ExamplesTooFew", {
  loss: Schema.String,
  found: Schema.Finite
}) {
  override get message() {
    return `the loss "${this.loss}" compares examples with each other: found ${this.found}, wanted at least 2`
  }
}

export class RowsUnsuitable extends Schema.TaggedError<RowsUnsuitable>()("RowsUnsuitable", {
  loss: Schema.String,
  promptId: Schema.String,
  found: Schema.String,
  wanted: Schema.Array(Schema.String)
}) {
  override get message() {
    return `the loss "${this.loss}" cannot learn from example "${this.promptId}": found a ${this.found}, wanted a ${this.wanted.join(" or a ")}`
  }
}

export class FromReferenceMissing extends Schema.TaggedError<FromReferenceMissing>()("FromReferenceMissing", {
  loss: Schema.String,
  /** Counted from 1. */
  row: Schema.Finite,
  promptId: Schema.String
}) {
  override get message() {
    return `the loss "${this.loss}" has to know which response the reference policy gave, but row ${this.row}, example "${this.promptId}", does not say: wanted "fromReference": "chosen" or "rejected" in every row, of format "records" or "promptChosenRejected"`
  }
}

export class ModifierUnused extends Schema.TaggedError<ModifierUnused>()("ModifierUnused", {
  loss: Schema.String,
  key: Schema.String
}) {
  override get message() {
    return `"${this.key}" changes losses on pairs, which "${this.loss}" is not; leave it out`
  }
}

const quoted = (names: ReadonlyArray<string>): string => names.map((name) => `"${name}"`).join(", ")

export class TargetUnknown extends Schema.TaggedError<TargetUnknown>()("TargetUnknown", {
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `the model has no linear layer "${this.found}" to adapt, wanted some of ${quoted(this.known)}`
  }
}

export class TargetsNone extends Schema.TaggedError<TargetsNone>()("TargetsNone", {
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found no layer to adapt, wanted some of ${quoted(this.known)}`
  }
}

export class ReferenceConfigDiffers extends Schema.TaggedError<ReferenceConfigDiffers>()("ReferenceConfigDiffers", {
  reference: Schema.String,
  /** In the spelling of `config.json`. */
  key: Schema.String,
  /** As JSON, or absent. */
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `"${this.key}" of the reference "${this.reference}" is ${this.found}, wanted ${this.wanted} as in the model that is trained, whose graphs it runs through`
  }
}

export class ReferenceDiffers extends Schema.TaggedError<ReferenceDiffers>()("ReferenceDiffers", {
  reference: Schema.String,
  name: Schema.String,
  found: Schema.Array(Schema.Finite),
  wanted: Schema.Array(Schema.Finite)
}) {
  override get message() {
    return `weight "${this.name}" of the reference "${this.reference}" has shape [${this.found.join(", ")}], wanted [${this.wanted.join(", ")}] as in the model that is trained`
  }
}

export class ResumeForeign extends Schema.TaggedError<ResumeForeign>()("ResumeForeign", {
  file: Schema.String,
  step: Schema.Finite
}) {
  override get message() {
    return `"${this.file}" holds step ${this.step} of a run with other data or settings; use those, or remove the file to begin again`
  }
}

export class HeldOutEmpty extends Schema.TaggedError<HeldOutEmpty>()("HeldOutEmpty", {}) {
  override get message() {
    return "found no held-out examples, wanted at least one"
  }
}

export class FirstLossDiffers extends Schema.TaggedError<FirstLossDiffers>()("FirstLossDiffers", {
  found: Schema.Finite,
  wanted: Schema.Finite
}) {
  override get message() {
    return `the first loss is ${this.found} although policy and reference are the same model, wanted ${this.wanted}`
  }
}

export class ReferenceMissing extends Schema.TaggedError<ReferenceMissing>()("ReferenceMissing", {}) {
  override get message() {
    return "found no reference model, wanted one: this loss compares with π₀"
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
  reason: Schema.Union([
    NoExamples,
    ExamplesUnreadable,
    TokensUnkept,
    ExampleInvalid,
    LossNotFinite,
    WeightNotFinite,
    BatchTooSmall,
    ExamplesTooFew,
    RowsUnsuitable,
    FromReferenceMissing,
    ModifierUnused,
    TargetUnknown,
    TargetsNone,
    ReferenceConfigDiffers,
    ReferenceDiffers,
    ResumeForeign,
    LossError,
    HeldOutEmpty,
    StateDiffers,
    FirstLossDiffers,
    ReferenceMissing,
    MemoryExceeded
  ])
}) {
  override get message() {
    return `Cannot train from "${this.model}": ${this.reason.message}`
  }
}
