import { Predicate, Schema } from "effect"
import { systemFault } from "../arrow/mod.ts"

/** One thing that is wrong in a pipeline: where (line and column of the file, or the flag), which key, and what. */
export const Issue = Schema.Struct({ at: Schema.String, key: Schema.String, detail: Schema.String })
export type Issue = typeof Issue.Type

const line = ({ at, detail, key }: Issue) =>
  [at, key === "" ? "" : `${key}:`, detail].filter((part) => part !== "").join(" ")

const list = (issues: ReadonlyArray<Issue>) =>
  issues.length === 1
    ? issues.map(line).join("")
    : `${issues.length} problems\n${issues.map((issue) => `  ${line(issue)}`).join("\n")}`

export class FileUnreadable extends Schema.TaggedError<FileUnreadable>()("FileUnreadable", {
  detail: Schema.String,
  wanted: Schema.Literals(["pipeline", "training", "mixture", "rules"])
}) {
  override get message() {
    return `${this.detail}, wanted a ${this.wanted === "rules" ? "file of rules" : `${this.wanted} file`} in YAML`
  }
}

export class KeysInvalid extends Schema.TaggedError<KeysInvalid>()("KeysInvalid", { issues: Schema.Array(Issue) }) {
  override get message() {
    return list(this.issues)
  }
}

export class StagesInvalid extends Schema.TaggedError<StagesInvalid>()("StagesInvalid", {
  issues: Schema.Array(Issue)
}) {
  override get message() {
    const [only] = this.issues
    return this.issues.length === 1 && only ? `${only.detail} (${only.at})` : list(this.issues)
  }
}

export class InputsInvalid extends Schema.TaggedError<InputsInvalid>()("InputsInvalid", {
  issues: Schema.Array(Issue)
}) {
  override get message() {
    return list(this.issues)
  }
}

export class FolderLocked extends Schema.TaggedError<FolderLocked>()("FolderLocked", { process: Schema.Int }) {
  override get message() {
    return `process ${this.process} is working on it, wanted a folder of its own (wait for it to end, or pass another --out)`
  }
}

export class FolderForeign extends Schema.TaggedError<FolderForeign>()("FolderForeign", { found: Schema.String }) {
  override get message() {
    return `found ${this.found}, wanted an empty folder or an earlier run (pass another --out)`
  }
}

export class DiskFull extends Schema.TaggedError<DiskFull>()("DiskFull", {
  folder: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `found no space left on the disk of "${this.folder}", wanted more (free some, then the same command continues where it stopped)`
  }
}

export class StoreFailed extends Schema.TaggedError<StoreFailed>()("StoreFailed", { cause: Schema.Defect() }) {
  override get message() {
    const fault = systemFault(this.cause)
    return Predicate.isTagged(this.cause, "PlatformError") ? `${fault}, wanted a folder that can be written` : fault
  }
}

export class StepFailed extends Schema.TaggedError<StepFailed>()("StepFailed", { cause: Schema.Defect() }) {
  override get message() {
    return this.cause instanceof Error ? this.cause.message : String(this.cause)
  }
}

export class StepEmpty extends Schema.TaggedError<StepEmpty>()("StepEmpty", {
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `found ${this.found}, wanted ${this.wanted}`
  }
}

const badInput = new Set<string>(["FileUnreadable", "KeysInvalid", "StagesInvalid", "InputsInvalid", "FolderForeign"])

/** Why a pipeline cannot be read, compiled, checked or run. */
export class PipelineError extends Schema.TaggedError<PipelineError>()("PipelineError", {
  action: Schema.Literals(["read", "compile", "check", "run", "use the run folder", "mix"]),
  what: Schema.String,
  reason: Schema.Union([
    FileUnreadable,
    KeysInvalid,
    StagesInvalid,
    InputsInvalid,
    FolderLocked,
    FolderForeign,
    DiskFull,
    StoreFailed,
    StepFailed,
    StepEmpty
  ])
}) {
  override get message() {
    return `Cannot ${this.action} "${this.what}": ${this.reason.message}`
  }
  /** Whether the person who wrote the pipeline can correct it by editing: exit code 2 rather than 1. */
  get isBadInput() {
    return badInput.has(this.reason._tag)
  }
}
