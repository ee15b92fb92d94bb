import { Effect } from "effect"
import { Preference } from "../../src/judge/mod.ts"
import { Rollout } from "../../src/sampler/mod.ts"
import { Reward } from "../../src/scorer/mod.ts"
import { serve, type ServeOptions, type Served } from "../../src/server/mod.ts"

export const folder = "fixtures/model/tied-bias-bfloat16"

/** Options under which nothing is in the way. */
export const options: ServeOptions = {
  host: "127.0.0.1",
  port: 0,
  key: undefined,
  keyVariable: "PREFLOOP_API_KEY",
  requests: 8,
  queue: 8,
  largestBody: 10_000,
  timeout: 60,
  grace: 5,
  maxNewTokens: 16,
  fingerprint: "prefloop-test",
  seed: 0
}

/** The models of the layers around a test. */
export const served = Effect.gen(function* () {
  const all: Served = {
    policy: { id: "tiny", service: yield* Rollout },
    reward: { id: "judge", service: yield* Reward },
    preference: { id: "pair", service: yield* Preference }
  }
  return all
})

/** Serves the models of the layers until the scope closes, and gives the address. */
export const open = Effect.fnUntraced(function* (change: Partial<ServeOptions> = {}, models: Partial<Served> = {}) {
  return yield* serve({ ...(yield* served), ...models }, { ...options, ...change })
})

/** What a server answered. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: any
}

/** Asks, and waits for the whole answer. */
export const ask = (
  url: string,
  asked: { readonly body?: unknown; readonly text?: string; readonly headers?: Readonly<Record<string, string>> } = {}
): Effect.Effect<Answered> =>
  Effect.promise(async (signal) => {
    const body = asked.text ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body))
    const response = await fetch(url, {
      signal,
      headers: { "content-type": "application/json", ...asked.headers },
      ...(body === undefined ? {} : { method: "POST", body })
    })
    const text = await response.text()
    const isJson = response.headers.get("content-type") === "application/json"
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
  })

/** The objects of the events in a text, the last of which is `[DONE]`. */
export const eventsOf = (text: string): ReadonlyArray<any> =>
  text
    .split("\n\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/^data: /, ""))
    .map((data) => (data === "[DONE]" ? data : JSON.parse(data)))
