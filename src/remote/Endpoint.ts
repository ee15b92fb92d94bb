import { Schema } from "effect"
import { defaulted, optional, required } from "../../schemas/mod.ts"

const isPlainAddress = Schema.makeFilter((text: string) => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return "Expected an address that begins with http:// or https://"
  return url.username === "" && url.password === "" && url.search === ""
    ? undefined
    : "Expected an address without a user, a password or a query: name the variable of the key instead"
})

const Count = Schema.Int.check(Schema.isGreaterThan(0))
const Seconds = Schema.Finite.check(Schema.isGreaterThan(0))

/** The keys that say where a server is and how patiently it is asked. */
export const endpointKeys = {
  url: required(Schema.String.check(isPlainAddress), "Address of the server, as a rule up to and with /v1"),
  apiKeyVariable: optional(
    Schema.String.check(Schema.isPattern(/^[A-Za-z_][A-Za-z0-9_]*$/, { message: "Expected the name of a variable" })),
    "Name of the environment variable that holds the API key (the key itself is written nowhere)"
  ),
  concurrency: defaulted(Count, 16, "Requests under way at the same time (requests)"),
  timeout: defaulted(Seconds, 600, "Longest wait for one answer (seconds)"),
  attempts: defaulted(Count, 8, "Times that a request is sent before the run stops (requests)"),
  firstWait: defaulted(Seconds, 0.5, "Wait before the second attempt; each next wait is twice as long (seconds)"),
  longestWait: defaulted(Seconds, 60, "Longest wait between two attempts (seconds)"),
  readyWithin: defaulted(Seconds, 300, "Longest wait for the server to start (seconds)")
}

/**
 * A server: where it is, and how patiently it is asked.
 *
 * Units    times in seconds; `concurrency` and `attempts` in requests.
 * Domain   `url` has no credentials in it.
 */
export const Endpoint = Schema.Struct(endpointKeys)
export type Endpoint = typeof Endpoint.Type
