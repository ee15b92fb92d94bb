import { Schema } from "effect"

/** There is something under the name of the folder already. */
export class FolderTaken extends Schema.TaggedError<FolderTaken>()("FolderTaken", { found: Schema.Int }) {
  override get message() {
    return `found ${this.found} files in it, wanted a folder that is empty or does not exist`
  }
}

/** A name that other readers would not take for a split. */
export class SplitUnnamed extends Schema.TaggedError<SplitUnnamed>()("SplitUnnamed", { found: Schema.String }) {
  override get message() {
    return `found split ${JSON.stringify(this.found)}, wanted a name of letters, digits and "_", parts separated by "."`
  }
}

/** The file system refused. */
export class FolderRefused extends Schema.TaggedError<FolderRefused>()("FolderRefused", { cause: Schema.Defect() }) {
  override get message() {
    return this.cause instanceof Error ? this.cause.message : String(this.cause)
  }
}

/** Why a data set could not be written. */
export class DatasetExportError extends Schema.TaggedError<DatasetExportError>()("DatasetExportError", {
  folder: Schema.String,
  reason: Schema.Union([FolderTaken, SplitUnnamed, FolderRefused])
}) {
  override get message() {
    return `Cannot write data set "${this.folder}": ${this.reason.message}`
  }
}
