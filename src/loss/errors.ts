import { Schema } from "effect"

/** A mixture whose parts read different kinds of data. */
export class MixtureMixed extends Schema.TaggedError<MixtureMixed>()("MixtureMixed", {
  first: Schema.String,
  firstOn: Schema.String,
  other: Schema.String,
  otherOn: Schema.String
}) {
  override get message() {
    return `"${this.other}" is a loss on ${this.otherOn}, wanted one on ${this.firstOn} like "${this.first}"`
  }
}

/** A mixture without parts. */
export class MixtureEmpty extends Schema.TaggedError<MixtureEmpty>()("MixtureEmpty", {}) {
  override get message() {
    return "found no part, wanted at least one"
  }
}

/** Why losses cannot be mixed. */
export class LossError extends Schema.TaggedError<LossError>()("LossError", {
  reason: Schema.Union([MixtureMixed, MixtureEmpty])
}) {
  override get message() {
    return `Cannot mix losses: ${this.reason.message}`
  }
}
