import { Schema } from "effect"

const attemptsOf = (attempts: number): string => (attempts > 1 ? ` (${attempts} attempts)` : "")

/** No environment variable has the name that was configured for the API key. */
export class KeyMissing extends Schema.TaggedError<KeyMissing>()("KeyMissing", {
  url: Schema.String,
  variable: Schema.String
}) {
  override get message() {
    return `"${this.url}": found no environment variable "${this.variable}", wanted the API key in it`
  }
}

/** No answer came: nobody listens, or the connection broke. */
export class ServerUnreachable extends Schema.TaggedError<ServerUnreachable>()("ServerUnreachable", {
  url: Schema.String,
  found: Schema.String,
  attempts: Schema.Int
}) {
  override get message() {
    return `"${this.url}": found ${this.found}, wanted an answer${attemptsOf(this.attempts)}`
  }
}

/** The answer took too long. Units: seconds. */
export class ServerTimedOut extends Schema.TaggedError<ServerTimedOut>()("ServerTimedOut", {
  url: Schema.String,
  seconds: Schema.Finite,
  attempts: Schema.Int
}) {
  override get message() {
    return `"${this.url}": found nothing, wanted an answer within ${this.seconds} seconds${attemptsOf(this.attempts)}`
  }
}

/** The server answered with another status than success. */
export class ServerRefused extends Schema.TaggedError<ServerRefused>()("ServerRefused", {
  url: Schema.String,
  status: Schema.Int,
  found: Schema.String,
  attempts: Schema.Int
}) {
  override get message() {
    return `"${this.url}": found status ${this.status} (${this.found}), wanted 200${attemptsOf(this.attempts)}`
  }
}

/** The server answered with success, and with something else than was asked for. */
export class AnswerInvalid extends Schema.TaggedError<AnswerInvalid>()("AnswerInvalid", {
  url: Schema.String,
  status: Schema.Int,
  found: Schema.String,
  wanted: Schema.String
}) {
  override get message() {
    return `"${this.url}" (status ${this.status}): found ${this.found}, wanted ${this.wanted}`
  }
}

/** Every reason why a server gave nothing that can be used; none holds a key, or a part of an address that may be secret. */
export const remoteReasons = [KeyMissing, ServerUnreachable, ServerTimedOut, ServerRefused, AnswerInvalid] as const
export type RemoteReason = InstanceType<(typeof remoteReasons)[number]>
