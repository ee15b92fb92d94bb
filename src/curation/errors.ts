import { Schema } from "effect"

const quoted = (names: ReadonlyArray<string>): string => names.map((name) => `"${name}"`).join(", ")

/** Steps that are not a list of known rules with parameters in their domains. */
export class StepsInvalid extends Schema.TaggedError<StepsInvalid>()("StepsInvalid", { issues: Schema.String }) {
  override get message() {
    return this.issues
  }
}

/** A rule that reads a field which records of this kind do not have. */
export class RuleUnfit extends Schema.TaggedError<RuleUnfit>()("RuleUnfit", {
  rule: Schema.String,
  kind: Schema.String,
  kinds: Schema.Array(Schema.String)
}) {
  override get message() {
    return `rule "${this.rule}": found records of kind "${this.kind}", wanted ${quoted(this.kinds)}`
  }
}

/** A rule that counts tokens, and nobody gave a tokenizer. */
export class TokenizerMissing extends Schema.TaggedError<TokenizerMissing>()("TokenizerMissing", {
  rule: Schema.String
}) {
  override get message() {
    return `rule "${this.rule}": found no tokenizer, wanted one to count tokens with`
  }
}

/** A regular expression that does not compile. */
export class PatternInvalid extends Schema.TaggedError<PatternInvalid>()("PatternInvalid", {
  rule: Schema.String,
  pattern: Schema.String,
  found: Schema.String
}) {
  override get message() {
    return `rule "${this.rule}": found "${this.pattern}" (${this.found}), wanted a regular expression`
  }
}

/** A name that is not among the known ones. */
export class NameUnknown extends Schema.TaggedError<NameUnknown>()("NameUnknown", {
  rule: Schema.String,
  what: Schema.Literals(["language", "benchmark"]),
  name: Schema.String,
  known: Schema.Array(Schema.String)
}) {
  override get message() {
    const known = this.known.length === 0 ? "none is given" : `known are ${this.known.join(", ")}`
    return `rule "${this.rule}": found ${this.what} "${this.name}", wanted a known one (${known})`
  }
}

/** Parameters that fit one by one and not together. */
export class ParametersDisagree extends Schema.TaggedError<ParametersDisagree>()("ParametersDisagree", {
  rule: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `rule "${this.rule}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** A source of a mixture that cannot be drawn from. */
export class SourceUnfit extends Schema.TaggedError<SourceUnfit>()("SourceUnfit", {
  source: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `source "${this.source}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** Shares of a split that are no shares. */
export class SharesInvalid extends Schema.TaggedError<SharesInvalid>()("SharesInvalid", { found: Schema.String }) {
  override get message() {
    return `found ${this.found}, wanted at least one name with a share above 0`
  }
}

/** A disk without room for the rows that are being shuffled. */
export class DiskFull extends Schema.TaggedError<DiskFull>()("DiskFull", {
  folder: Schema.String,
  bytes: Schema.Int,
  cause: Schema.Defect()
}) {
  override get message() {
    const wanted = "room for all rows at once (name another folder, or free some)"
    return `found no space left on the disk of "${this.folder}" after ${this.bytes} bytes, wanted ${wanted}`
  }
}

/** The file system refused a temporary file. */
export class FolderRefused extends Schema.TaggedError<FolderRefused>()("FolderRefused", {
  folder: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    const found = this.cause instanceof Error ? this.cause.message : String(this.cause)
    return `found "${this.folder}" refused (${found}), wanted a folder for temporary files`
  }
}

/** A record that its own schema refuses. */
export class RecordInvalid extends Schema.TaggedError<RecordInvalid>()("RecordInvalid", {
  row: Schema.Int,
  issues: Schema.String
}) {
  override get message() {
    return `row ${this.row}: ${this.issues}`
  }
}

/** Why records could not be curated, mixed, split or shuffled. */
export class CurationError extends Schema.TaggedError<CurationError>()("CurationError", {
  action: Schema.String,
  reason: Schema.Union([
    StepsInvalid,
    RuleUnfit,
    TokenizerMissing,
    PatternInvalid,
    NameUnknown,
    ParametersDisagree,
    SourceUnfit,
    SharesInvalid,
    DiskFull,
    FolderRefused,
    RecordInvalid
  ])
}) {
  override get message() {
    return `Cannot ${this.action}: ${this.reason.message}`
  }
}
