import { Config, Effect, Option, Path, Redacted } from "effect"
import { RequestInvalid } from "./errors.ts"

/** How the hub is asked. The token comes from the environment alone. Units: times in seconds, `attempts` in requests. */
export interface HubSettings {
  readonly endpoint: string
  readonly token: Redacted.Redacted | undefined
  readonly cache: string
  readonly offline: boolean
  readonly fetch: typeof fetch
  readonly attempts: number
  readonly firstWait: number
  readonly longestWait: number
  readonly timeout: number
}

/** What a caller may say instead of the environment. */
export type HubOptions = Partial<Omit<HubSettings, "token" | "endpoint">>

/** A variable of the environment; an empty one is absent. */
const variable = Effect.fnUntraced(function* (name: string) {
  const found = yield* Config.option(Config.String(name))
  return Option.getOrUndefined(Option.filter(found, (text) => text !== ""))
}, Effect.orDie) // a variable is a string or absent

const cacheOf = Effect.fnUntraced(function* () {
  const { join } = yield* Path.Path
  const said = (yield* variable("HF_HUB_CACHE")) ?? (yield* variable("HUGGINGFACE_HUB_CACHE"))
  if (said !== undefined) return said
  const home = yield* variable("HF_HOME")
  if (home !== undefined) return join(home, "hub")
  const user = (yield* variable("HOME")) ?? (yield* variable("USERPROFILE")) ?? "."
  return join((yield* variable("XDG_CACHE_HOME")) ?? join(user, ".cache"), "huggingface", "hub")
})

/**
 * The settings of the hub: the options, then the environment as Hugging Face's own programs read it, then its defaults.
 *
 * Source   HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME.
 * Fails    RequestInvalid: an endpoint that is no plain address.
 */
export const readSettings = Effect.fnUntraced(function* (options: HubOptions) {
  const endpoint = ((yield* variable("HF_ENDPOINT")) ?? "https://huggingface.co").replace(/\/+$/, "")
  const url = URL.parse(endpoint)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    return yield* new RequestInvalid({ found: "another text in HF_ENDPOINT", wanted: "an http address without a user" })
  const token = yield* variable("HF_TOKEN")
  const offline = /^(1|true|yes|on)$/i.test((yield* variable("HF_HUB_OFFLINE")) ?? "")
  return {
    endpoint,
    token: token === undefined ? undefined : Redacted.make(token),
    cache: options.cache ?? (yield* cacheOf()),
    offline: options.offline ?? offline,
    fetch: options.fetch ?? globalThis.fetch,
    attempts: options.attempts ?? 5,
    firstWait: options.firstWait ?? 0.5,
    longestWait: options.longestWait ?? 60,
    timeout: options.timeout ?? 60
  } satisfies HubSettings
})
