import { Schema } from "effect"

const types = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "invalid_request_error",
  429: "rate_limit_error",
  500: "server_error",
  503: "server_error"
} as const

const Status = Schema.Literals([400, 401, 403, 404, 413, 429, 500, 503])

/**
 * A request that is not answered with what it asked for.
 *
 * Source   The errors of the OpenAI API: `{"error": {"message", "type", "param", "code"}}`.
 * Domain   `param` is the key at fault, `code` a name that programs read; `retryAfter` in seconds.
 */
export class Refused extends Schema.TaggedError<Refused>()("Refused", {
  status: Status,
  message: Schema.String,
  param: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.String),
  retryAfter: Schema.optionalKey(Schema.Int)
}) {
  /** The body of the answer. */
  get body() {
    const { code = null, message, param = null, status } = this
    return { error: { message, type: types[status], param, code } }
  }
}

/** The body of every answer that is an error. */
export const ErrorBody = Schema.Struct({
  error: Schema.Struct({
    message: Schema.String,
    type: Schema.Literals([...new Set(Object.values(types))]),
    param: Schema.NullOr(Schema.String),
    code: Schema.NullOr(Schema.String)
  })
})

/** The address could not be listened on. */
export class AddressFailed extends Schema.TaggedError<AddressFailed>()("AddressFailed", { cause: Schema.Defect() }) {
  override get message() {
    return this.cause instanceof Error ? this.cause.message : String(this.cause)
  }
}

/** Other machines could ask, and nothing would keep them from it. */
export class KeyWanted extends Schema.TaggedError<KeyWanted>()("KeyWanted", { variable: Schema.String }) {
  override get message() {
    return `found no API key in the environment variable "${this.variable}", wanted one: other machines reach this address`
  }
}

/** Why nothing is served. */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  address: Schema.String,
  reason: Schema.Union([AddressFailed, KeyWanted])
}) {
  override get message() {
    return `Cannot serve on "${this.address}": ${this.reason.message}`
  }
}
