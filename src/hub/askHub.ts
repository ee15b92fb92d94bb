import { datasetInfo, listFiles } from "@huggingface/hub"
import { type Context, Effect, Schema } from "effect"
import { ask } from "./ask.ts"
import { Entry } from "./Entry.ts"
import { AnswerInvalid, type HubReason, hubReasons } from "./errors.ts"
import { isCommit } from "./cacheLayout.ts"
import type { HubSettings } from "./readSettings.ts"

const decodeEntries = Schema.decodeUnknownEffect(Schema.Array(Entry))

const isReason = (cause: unknown): cause is HubReason => hubReasons.some((reason) => cause instanceof reason)

/** An answer with all of its body, within the time of an answer. */
const whole = (settings: HubSettings, wanted: string, url: string) =>
  Effect.flatMap(ask(settings, { url, headers: { accept: "application/json" } }), (response) => {
    const half = new AnswerInvalid({ found: "half an answer", wanted })
    const read = Effect.tryPromise({
      try: async () => new Response(await response.arrayBuffer(), response),
      catch: () => half
    })
    return Effect.timeoutOrElse(read, { duration: settings.timeout * 1000, orElse: () => Effect.fail(half) })
  })

/** Runs a call of the library with a `fetch` that has our patience, and the answer whole before the library sees it. */
const call = <A>(settings: HubSettings, wanted: string, use: (patient: typeof fetch) => Promise<A>) =>
  Effect.contextWith((context: Context.Context<never>) => {
    const patient = (input: string | URL | globalThis.Request) =>
      Effect.runPromiseWith(context)(whole(settings, wanted, input instanceof Request ? input.url : String(input)))
    return Effect.tryPromise({
      try: () => use(patient),
      catch: (cause) => (isReason(cause) ? cause : new AnswerInvalid({ found: "another answer", wanted }))
    })
  })

/** The commit that a revision names. Fails: HubReason. */
export const askCommit = Effect.fnUntraced(function* (settings: HubSettings, name: string, revision: string) {
  const wanted = "the data set with the commit of its revision"
  const hubUrl = settings.endpoint
  const { sha } = yield* call(settings, wanted, (fetch) =>
    datasetInfo({ name, revision, additionalFields: ["sha"], hubUrl, fetch })
  )
  return isCommit(sha) ? sha : yield* new AnswerInvalid({ found: "no commit", wanted })
})

/** The files of a commit. Fails: HubReason. */
export const askFiles = Effect.fnUntraced(function* (settings: HubSettings, name: string, revision: string) {
  const wanted = "the files of the data set with path, size and oid"
  const repo = { type: "dataset", name } as const
  const listed = yield* call(settings, wanted, (fetch) =>
    Array.fromAsync(listFiles({ repo, recursive: true, revision, hubUrl: settings.endpoint, fetch }))
  )
  const files = listed.filter(({ type }) => type === "file")
  const entries = files.map(({ lfs, oid, path, size }) => ({ path, size, oid: lfs?.oid ?? oid }))
  return yield* Effect.mapError(decodeEntries(entries), () => new AnswerInvalid({ found: "another answer", wanted }))
})
