import { Schema } from "effect"

/** There is no such file or folder. */
export class FileMissing extends Schema.TaggedError<FileMissing>()("FileMissing", {}) {
  override get message() {
    return "found no such file, wanted a file that exists"
  }
}

/** The file system refused: rights, space, or a device. */
export class FileRefused extends Schema.TaggedError<FileRefused>()("FileRefused", { cause: Schema.Defect() }) {
  override get message() {
    return this.cause instanceof Error ? this.cause.message : String(this.cause)
  }
}

/** A line that does not hold one JSON value in UTF-8. */
export class NotJson extends Schema.TaggedError<NotJson>()("NotJson", {
  line: Schema.Int,
  found: Schema.String
}) {
  override get message() {
    return `line ${this.line}: found ${this.found}, wanted one JSON object in UTF-8`
  }
}

/** A row that does not fit its schema. Lines count from 1, rows from 0. */
export class RowInvalid extends Schema.TaggedError<RowInvalid>()("RowInvalid", {
  place: Schema.Literals(["line", "row"]),
  number: Schema.Int,
  field: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    const where = this.field === "" ? "" : `, field "${this.field}"`
    return `${this.place} ${this.number}${where}: found ${this.found}, wanted ${this.wanted}`
  }
}

/** A file that ends too early. */
export class FileTruncated extends Schema.TaggedError<FileTruncated>()("FileTruncated", {
  bytes: Schema.Int,
  wanted: Schema.String
}) {
  override get message() {
    return `found ${this.bytes} bytes, wanted ${this.wanted}`
  }
}

/** A file of another kind. */
export class NotArrow extends Schema.TaggedError<NotArrow>()("NotArrow", { found: Schema.String }) {
  override get message() {
    return `found a file that begins with ${this.found}, wanted "ARROW1"`
  }
}

/** A file that looks right from outside and is damaged inside. */
export class FileDamaged extends Schema.TaggedError<FileDamaged>()("FileDamaged", { cause: Schema.Defect() }) {
  override get message() {
    return `found damaged data (${this.cause instanceof Error ? this.cause.message : String(this.cause)})`
  }
}

/** A column that is absent or of another type. */
export class SchemaDiffers extends Schema.TaggedError<SchemaDiffers>()("SchemaDiffers", {
  column: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `column "${this.column}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** A schema that has no columns of its own: a transformation target, a union of kinds, a recursion. */
export class ColumnUnsupported extends Schema.TaggedError<ColumnUnsupported>()("ColumnUnsupported", {
  found: Schema.String
}) {
  override get message() {
    const wanted = "text, number, integer, boolean, array or struct, optional or null at most once"
    return `found ${this.found}, wanted ${wanted}`
  }
}

/** Why rows could not be read from a file, written to a file, or laid out as columns. */
export class ArrowError extends Schema.TaggedError<ArrowError>()("ArrowError", {
  action: Schema.Literals(["read", "write", "lay out"]),
  path: Schema.String,
  reason: Schema.Union([
    FileMissing,
    FileRefused,
    NotJson,
    RowInvalid,
    FileTruncated,
    NotArrow,
    FileDamaged,
    SchemaDiffers,
    ColumnUnsupported
  ])
}) {
  override get message() {
    return `Cannot ${this.action} "${this.path}": ${this.reason.message}`
  }
}
