import { Schema } from "effect"

/** Nobody of that name judges here. */
export class AnnotatorUnknown extends Schema.TaggedError<AnnotatorUnknown>()("AnnotatorUnknown", {
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `annotator "${this.found}", wanted one of ${this.known.map((name) => `"${name}"`).join(", ")}`
  }
}

/** A verdict about another pair than the one that is shown: the page is older than what was judged. */
export class PairNotShown extends Schema.TaggedError<PairNotShown>()("PairNotShown", {
  found: Schema.String,
  shown: Schema.optionalKey(Schema.String)
}) {
  override get message() {
    return `a verdict about pair "${this.found}", wanted one about ${this.shown === undefined ? "none: all are judged" : `"${this.shown}"`}`
  }
}

/** Another process writes the same labels. */
export class LabelsLocked extends Schema.TaggedError<LabelsLocked>()("LabelsLocked", { process: Schema.Int }) {
  override get message() {
    return `process ${this.process} has the labels open, wanted them for this one alone`
  }
}

/** The file of labels could not be read or written. */
export class LabelsFailed extends Schema.TaggedError<LabelsFailed>()("LabelsFailed", { cause: Schema.Defect() }) {
  override get message() {
    return this.cause instanceof Error ? this.cause.message : String(this.cause)
  }
}

/** No page can be served. */
export class PageFailed extends Schema.TaggedError<PageFailed>()("PageFailed", { cause: Schema.Defect() }) {
  override get message() {
    return this.cause instanceof Error ? this.cause.message : String(this.cause)
  }
}

/** Why persons could not be asked. */
export class PersonError extends Schema.TaggedError<PersonError>()("PersonError", {
  action: Schema.String,
  reason: Schema.Union([AnnotatorUnknown, PairNotShown, LabelsLocked, LabelsFailed, PageFailed])
}) {
  override get message() {
    return `Cannot ${this.action}: ${this.reason.message}`
  }
}
