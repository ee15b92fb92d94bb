import { Schema } from "effect"
import { systemFault } from "./systemFault.ts"

/** There is no such file or folder. */
export class FileMissing extends Schema.TaggedError<FileMissing>()("FileMissing", {}) {
  override get message() {
    return "found no such file, wanted a file that exists"
  }
}

/** The file system refused: rights, space, or a device. */
export class FileRefused extends Schema.TaggedError<FileRefused>()("FileRefused", { cause: Schema.Defect() }) {
  override get message() {
    return systemFault(this.cause)
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

/** Where a row lies: lines count from 1, rows from 0. */
const at = { place: Schema.Literals(["line", "row"]), number: Schema.Int }

const where = ({ place, number }: { readonly place: "line" | "row"; readonly number: number }, field: string): string =>
  `${place} ${number}${field === "" ? "" : `, field "${field}"`}`

/** A row that does not fit its schema. Lines count from 1, rows from 0. */
export class RowInvalid extends Schema.TaggedError<RowInvalid>()("RowInvalid", {
  ...at,
  field: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `${where(this, this.field)}: found ${this.found}, wanted ${this.wanted}`
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

/** A file whose name names no kind that can be read. */
export class KindUnknown extends Schema.TaggedError<KindUnknown>()("KindUnknown", {
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found a name without a known ending, wanted one of ${this.known.join(", ")}, also with .gz or .zst`
  }
}

/** Several files in one. They are not taken out, so that no name in it leads anywhere. */
export class ArchivePacked extends Schema.TaggedError<ArchivePacked>()("ArchivePacked", { found: Schema.String }) {
  override get message() {
    return `found ${this.found}, wanted the files in it: unpack it, and name the folder`
  }
}

/** A file that holds something else than its name says. */
export class KindDiffers extends Schema.TaggedError<KindDiffers>()("KindDiffers", {
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `found ${this.found}, wanted ${this.wanted}`
  }
}

/** Bytes that are not UTF-8. Units: `byte` from 0, within the line or the field. */
export class NotUtf8 extends Schema.TaggedError<NotUtf8>()("NotUtf8", {
  ...at,
  field: Schema.String,
  byte: Schema.Int,
  found: Schema.String
}) {
  override get message() {
    return `${where(this, this.field)}: found ${this.found} at byte ${this.byte}, wanted UTF-8`
  }
}

/** A NUL byte in text: the mark of UTF-16 without its byte order mark, or of a damaged disk. Units: as NotUtf8. */
export class NulFound extends Schema.TaggedError<NulFound>()("NulFound", {
  ...at,
  field: Schema.String,
  byte: Schema.Int
}) {
  override get message() {
    return `${where(this, this.field)}: found a NUL byte at byte ${this.byte}, wanted text`
  }
}

/** A row that is longer than the caller allows. Units: bytes. */
export class LineTooLong extends Schema.TaggedError<LineTooLong>()("LineTooLong", { ...at, limit: Schema.Int }) {
  override get message() {
    return `${this.place} ${this.number}: found more than ${this.limit} bytes, wanted at most ${this.limit}`
  }
}

/** A row that is not JSON. Units: `character` from 1, in UTF-16 units. */
export class JsonBroken extends Schema.TaggedError<JsonBroken>()("JsonBroken", {
  ...at,
  character: Schema.Int,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `${this.place} ${this.number}, character ${this.character}: found ${this.found}, wanted ${this.wanted}`
  }
}

/** A table of text whose records cannot be told. */
export class CsvBroken extends Schema.TaggedError<CsvBroken>()("CsvBroken", {
  line: Schema.Int,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `line ${this.line}: found ${this.found}, wanted ${this.wanted}`
  }
}

/** A folder where a file was named. */
export class NotFile extends Schema.TaggedError<NotFile>()("NotFile", { found: Schema.String }) {
  override get message() {
    return `found a ${this.found}, wanted a file`
  }
}

/** Columns packed in a way that is not read here. */
export class CodecUnsupported extends Schema.TaggedError<CodecUnsupported>()("CodecUnsupported", {
  column: Schema.String,
  found: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    const column = this.column === "" ? "" : `column "${this.column}": `
    return `${column}found the codec ${this.found}, wanted one of ${this.known.join(", ")}`
  }
}

/** A column whose bytes in some rows are damaged. Units: rows from 0, `last` included. */
export class ColumnDamaged extends Schema.TaggedError<ColumnDamaged>()("ColumnDamaged", {
  column: Schema.String,
  first: Schema.Int,
  last: Schema.Int,
  cause: Schema.Defect()
}) {
  override get message() {
    const why = this.cause instanceof Error ? this.cause.message : String(this.cause)
    return `rows ${this.first} to ${this.last}, column "${this.column}": found damaged data (${why})`
  }
}

/** A key that an object names twice, of which JSON.parse keeps the last. */
export class KeyRepeated extends Schema.TaggedError<KeyRepeated>()("KeyRepeated", { ...at, field: Schema.String }) {
  override get message() {
    return `${where(this, this.field)}: found the key twice, wanted it once`
  }
}

/** Arrays and objects in each other beyond the limit. */
export class NestedTooDeep extends Schema.TaggedError<NestedTooDeep>()("NestedTooDeep", { ...at, limit: Schema.Int }) {
  override get message() {
    return `${this.place} ${this.number}: found more than ${this.limit} arrays and objects in each other, wanted at most ${this.limit}`
  }
}

/** Half of a surrogate pair, which UTF-8 has no place for. */
export class SurrogateAlone extends Schema.TaggedError<SurrogateAlone>()("SurrogateAlone", {
  ...at,
  field: Schema.String
}) {
  override get message() {
    return `${where(this, this.field)}: found half of a surrogate pair, wanted whole characters`
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
    ColumnUnsupported,
    KindUnknown,
    ArchivePacked,
    KindDiffers,
    NotUtf8,
    NulFound,
    LineTooLong,
    JsonBroken,
    CsvBroken,
    NotFile,
    CodecUnsupported,
    ColumnDamaged,
    KeyRepeated,
    NestedTooDeep,
    SurrogateAlone
  ])
}) {
  override get message() {
    return `Cannot ${this.action} "${this.path}": ${this.reason.message}`
  }
}
