import { Schema } from "effect"

/** A word that names neither a file nor a data set. */
export class PathUnknown extends Schema.TaggedError<PathUnknown>()("PathUnknown", { hint: Schema.String }) {
  override get message() {
    return `found no file or folder of that name, and no data set of the table: ${this.hint}`
  }
}

/** Two prompts of one id. Rows count from 0, over all files. */
export class PromptRepeated extends Schema.TaggedError<PromptRepeated>()("PromptRepeated", {
  row: Schema.Int,
  first: Schema.Int,
  promptId: Schema.String
}) {
  override get message() {
    const { first, promptId, row } = this
    return `row ${row} repeats promptId "${promptId}" of row ${first}, wanted each promptId once`
  }
}

/** Rows that are not those that were read before. */
export class RowsChanged extends Schema.TaggedError<RowsChanged>()("RowsChanged", {}) {
  override get message() {
    return "found other rows than at first, wanted data that do not change while they are in use"
  }
}

export class KindUnsupported extends Schema.TaggedError<KindUnsupported>()("KindUnsupported", {
  format: Schema.String,
  kind: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `format "${this.format}" holds no ${this.kind}, wanted one of ${this.known.map((name) => `"${name}"`).join(", ")}`
  }
}

export class RowsMissing extends Schema.TaggedError<RowsMissing>()("RowsMissing", {}) {
  override get message() {
    return "found no rows, wanted at least one"
  }
}

/** The format of a file cannot be told from its first rows. */
export class FormatUnclear extends Schema.TaggedError<FormatUnclear>()("FormatUnclear", {
  rows: Schema.Int,
  fitting: Schema.Array(Schema.String),
  others: Schema.Array(Schema.Struct({ format: Schema.String, objection: Schema.String }))
}) {
  override get message() {
    if (this.rows === 0) return "Cannot tell the format: found no rows, wanted at least one"
    const quoted = this.fitting.map((name) => `"${name}"`).join(", ")
    const found = this.fitting.length === 0 ? "found none that fits" : `found ${quoted}, which fit equally`
    const against = this.others.map(({ format, objection }) => `not "${format}": ${objection}`).join("; ")
    return `Cannot tell the format of ${this.rows} rows: ${found}, wanted one (write it down as format); ${against}`
  }
}

/** A row of a data set that does not have the layout of its source. Lines count from 1, rows from 0. */
export class SourceRowInvalid extends Schema.TaggedError<SourceRowInvalid>()("SourceRowInvalid", {
  dataset: Schema.String,
  place: Schema.Literals(["line", "row"]),
  number: Schema.Int,
  field: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    const where = this.field === "" ? "" : `, field "${this.field}"`
    return `${this.place} ${this.number} is no row of data set "${this.dataset}"${where}: found ${this.found}, wanted ${this.wanted}`
  }
}

export class DatasetUnknown extends Schema.TaggedError<DatasetUnknown>()("DatasetUnknown", {
  dataset: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found no data set "${this.dataset}", wanted one of ${this.known.map((name) => `"${name}"`).join(", ")}`
  }
}

/** A row that a format does not fit, or that it makes no record of. Lines count from 1, rows from 0. */
export class RowUnfit extends Schema.TaggedError<RowUnfit>()("RowUnfit", {
  format: Schema.String,
  place: Schema.Literals(["line", "row"]),
  number: Schema.Int,
  issues: Schema.String
}) {
  override get message() {
    return `${this.place} ${this.number} is not a row of format "${this.format}": ${this.issues}`
  }
}

/** A data set of another kind of record. */
export class DatasetUnfit extends Schema.TaggedError<DatasetUnfit>()("DatasetUnfit", {
  dataset: Schema.String,
  found: Schema.String,
  wanted: Schema.Array(Schema.String)
}) {
  override get message() {
    return `data set "${this.dataset}" holds ${this.found}, wanted ${this.wanted.join(" or ")}`
  }
}

/** Why a file of prompts, preferences or demonstrations cannot be read. */
export class DatasetError extends Schema.TaggedError<DatasetError>()("DatasetError", {
  path: Schema.String,
  reason: Schema.Union([
    PathUnknown,
    PromptRepeated,
    RowsChanged,
    KindUnsupported,
    RowsMissing,
    FormatUnclear,
    SourceRowInvalid,
    DatasetUnknown,
    RowUnfit,
    DatasetUnfit
  ])
}) {
  override get message() {
    return `Cannot read "${this.path}": ${this.reason.message}`
  }
}
