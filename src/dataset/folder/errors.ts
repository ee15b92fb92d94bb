import { Schema } from "effect"

const quoted = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? "nothing" : names.map((name) => `"${name}"`).join(", ")

/** The file system refused, or there is no such folder. */
export class FolderUnreadable extends Schema.TaggedError<FolderUnreadable>()("FolderUnreadable", {
  found: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `found ${this.found}, wanted a folder of data files`
  }
}

/** A card or a state file that does not say where the data lies. */
export class DescriptionInvalid extends Schema.TaggedError<DescriptionInvalid>()("DescriptionInvalid", {
  file: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `"${this.file}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** No configuration has this name; or, without a name, several could be meant. */
export class ConfigUnknown extends Schema.TaggedError<ConfigUnknown>()("ConfigUnknown", {
  config: Schema.optionalKey(Schema.String),
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    const found = this.config === undefined ? "no name of a configuration" : `configuration "${this.config}"`
    return `found ${found}, wanted one of ${quoted(this.known)}`
  }
}

/** The configuration has no split of this name. */
export class SplitUnknown extends Schema.TaggedError<SplitUnknown>()("SplitUnknown", {
  config: Schema.String,
  split: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    return `found split "${this.split}", wanted one of ${quoted(this.known)} (configuration "${this.config}")`
  }
}

/** A path that leads out of the folder. */
export class PathOutside extends Schema.TaggedError<PathOutside>()("PathOutside", { found: Schema.String }) {
  override get message() {
    return `found path "${this.found}", wanted one that stays inside the folder`
  }
}

/** No file is where data was said to be. */
export class FilesMissing extends Schema.TaggedError<FilesMissing>()("FilesMissing", {
  pattern: Schema.String,
  archives: Schema.optionalKey(Schema.Array(Schema.String))
}) {
  override get message() {
    const { archives = [], pattern } = this
    const packed = archives.length === 0 ? "" : `; the data may be in ${quoted(archives)}: unpack it`
    return `found no file "${pattern}", wanted at least one${packed}`
  }
}

/** Why the data files of a folder could not be told. */
export class FolderError extends Schema.TaggedError<FolderError>()("FolderError", {
  folder: Schema.String,
  reason: Schema.Union([FolderUnreadable, DescriptionInvalid, ConfigUnknown, SplitUnknown, PathOutside, FilesMissing])
}) {
  override get message() {
    return `Cannot find data in "${this.folder}": ${this.reason.message}`
  }
}
