import { Config, Effect, Redacted } from "effect"
import type { Endpoint } from "./Endpoint.ts"
import { KeyMissing } from "./errors.ts"
import { plainUrl } from "./plainUrl.ts"

/**
 * The API key of a server, out of the environment; none where no variable is named.
 *
 * Fails    KeyMissing
 */
export const readKey = Effect.fnUntraced(function* ({ apiKeyVariable, url }: Endpoint) {
  if (apiKeyVariable === undefined) return undefined
  const missing = new KeyMissing({ url: plainUrl(url), variable: apiKeyVariable })
  const key = yield* Effect.mapError(Config.Redacted(apiKeyVariable), () => missing)
  return Redacted.value(key) === "" ? yield* missing : key
})

/** A text without the key, should a server have repeated it. */
export const withoutKey = (text: string, key: Redacted.Redacted | undefined): string =>
  key === undefined ? text : text.replaceAll(Redacted.value(key), "<key>")
