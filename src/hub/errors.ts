import { Schema } from "effect"

const attemptsOf = (attempts: number): string => (attempts > 1 ? ` (${attempts} attempts)` : "")

/** A name, a revision or an address that cannot be meant. */
export class RequestInvalid extends Schema.TaggedError<RequestInvalid>()("RequestInvalid", {
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `found ${this.found}, wanted ${this.wanted}`
  }
}

/** The hub knows no such data set, or tells nobody who shows no token. */
export class DatasetUnknown extends Schema.TaggedError<DatasetUnknown>()("DatasetUnknown", {
  status: Schema.Int,
  token: Schema.Literals(["sent", "absent"])
}) {
  override get message() {
    const hint =
      this.token === "absent" ? " (a private one needs a token in HF_TOKEN)" : ", open to the token in HF_TOKEN"
    return `found status ${this.status}, wanted a data set that exists${hint}`
  }
}

/** The data set has no such branch, tag or commit. */
export class RevisionUnknown extends Schema.TaggedError<RevisionUnknown>()("RevisionUnknown", { status: Schema.Int }) {
  override get message() {
    return `found status ${this.status}, wanted a branch, a tag or a commit of the data set`
  }
}

/** The data set is open to those alone who agreed to its terms. */
export class DatasetGated extends Schema.TaggedError<DatasetGated>()("DatasetGated", {
  status: Schema.Int,
  token: Schema.Literals(["sent", "absent"])
}) {
  override get message() {
    const found = this.token === "sent" ? "whose owner has not been granted access" : "that is absent"
    return `found status ${this.status} and a token ${found}, wanted in HF_TOKEN a token of somebody who agreed to its terms`
  }
}

/** The hub answered with another status than success. */
export class HubRefused extends Schema.TaggedError<HubRefused>()("HubRefused", {
  url: Schema.String,
  status: Schema.Int,
  found: Schema.String,
  attempts: Schema.Int
}) {
  override get message() {
    return `"${this.url}": found status ${this.status} (${this.found}), wanted 200${attemptsOf(this.attempts)}`
  }
}

/** No answer came, or it broke off. */
export class HubUnreachable extends Schema.TaggedError<HubUnreachable>()("HubUnreachable", {
  url: Schema.String,
  found: Schema.String,
  attempts: Schema.Int
}) {
  override get message() {
    return `"${this.url}": found ${this.found}, wanted a whole answer${attemptsOf(this.attempts)}`
  }
}

/** The hub answered with something else than was asked for. */
export class AnswerInvalid extends Schema.TaggedError<AnswerInvalid>()("AnswerInvalid", {
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `found ${this.found}, wanted ${this.wanted}`
  }
}

/** Offline, and not everything lies in the cache. */
export class NotCached extends Schema.TaggedError<NotCached>()("NotCached", {
  cache: Schema.String,
  missing: Schema.String
}) {
  override get message() {
    return `found no ${this.missing} in cache "${this.cache}", wanted it there, as nothing is asked for offline`
  }
}

/** A file of the hub that would lie outside of the cache. */
export class PathRefused extends Schema.TaggedError<PathRefused>()("PathRefused", { found: Schema.String }) {
  override get message() {
    return `found file ${JSON.stringify(this.found)}, wanted a path that stays inside the data set`
  }
}

/** A file that is not what the hub said of it. */
export class FileDiffers extends Schema.TaggedError<FileDiffers>()("FileDiffers", {
  file: Schema.String,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `file "${this.file}": found ${this.found}, wanted ${this.wanted}`
  }
}

/** The file system refused. */
export class CacheRefused extends Schema.TaggedError<CacheRefused>()("CacheRefused", { cause: Schema.Defect() }) {
  override get message() {
    return this.cause instanceof Error ? this.cause.message : String(this.cause)
  }
}

/** Every reason why a data set could not be had; none holds a token. */
export const hubReasons = [
  RequestInvalid,
  DatasetUnknown,
  RevisionUnknown,
  DatasetGated,
  HubRefused,
  HubUnreachable,
  AnswerInvalid,
  NotCached,
  PathRefused,
  FileDiffers,
  CacheRefused
] as const
export type HubReason = InstanceType<(typeof hubReasons)[number]>

/** Why the files of a data set could not be had. */
export class HubError extends Schema.TaggedError<HubError>()("HubError", {
  id: Schema.String,
  revision: Schema.String,
  reason: Schema.Union(hubReasons)
}) {
  override get message() {
    return `Cannot get data set "${this.id}" at revision "${this.revision}": ${this.reason.message}`
  }
}
