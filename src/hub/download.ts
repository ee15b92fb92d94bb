import { Effect, FileSystem, Option, Result, Stream } from "effect"
import { key } from "../random/mod.ts"
import { plainUrl, waitBefore } from "../remote/mod.ts"
import { ask } from "./ask.ts"
import { checkBlob } from "./checkBlob.ts"
import type { Entry } from "./Entry.ts"
import { HubUnreachable } from "./errors.ts"
import type { HubSettings } from "./readSettings.ts"

/** A file of the hub, and where it is to lie. */
export interface Download {
  readonly url: string
  readonly entry: Entry
  readonly into: string
}

/** Bytes of a file that is there in part. */
const sizeOf = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return Option.match(yield* Effect.option(fs.stat(path)), { onNone: () => 0, onSome: ({ size }) => Number(size) })
})

/** Appends what is missing of a file; starts over where the hub sends all of it. */
const append = Effect.fnUntraced(function* (
  settings: HubSettings,
  { entry, url }: Download,
  part: string,
  attempts: number
) {
  const fs = yield* FileSystem.FileSystem
  const before = yield* sizeOf(part)
  if (before > entry.size) yield* fs.remove(part)
  const have = before > entry.size ? 0 : before
  if (have === entry.size && have > 0) return
  const range = have > 0 ? { range: `bytes=${have}-` } : {}
  const headers = { "accept-encoding": "identity", ...range } // a range counts bytes of the file itself
  const response = yield* ask(settings, { url, headers, accept: [416] })
  if (response.status === 416) return yield* fs.remove(part)
  const lost = (found: string) => new HubUnreachable({ url: plainUrl(url), found, attempts })
  const { body } = response
  const bytes: Stream.Stream<Uint8Array, HubUnreachable> =
    body === null
      ? Stream.empty
      : Stream.fromReadableStream({ evaluate: () => body, onError: () => lost("an answer that broke off") })
  const limited = Stream.timeoutOrElse(bytes, {
    duration: settings.timeout * 1000,
    orElse: () => Stream.fail(lost(`no more bytes within ${settings.timeout} seconds`))
  })
  const file = yield* fs.open(part, { flag: response.status === 206 ? "a" : "w" })
  yield* Stream.runForEach(limited, (chunk) => file.writeAll(chunk))
  yield* file.sync
  const found = yield* sizeOf(part)
  if (found < entry.size) return yield* lost(`${found} of ${entry.size} bytes`)
}, Effect.scoped)

/**
 * Downloads a file; it has its name when size and digest are right. What a broken download left is gone on with.
 *
 * Fails    HubReason, PlatformError
 */
export const download = Effect.fnUntraced(function* (settings: HubSettings, wanted: Download) {
  const fs = yield* FileSystem.FileSystem
  const part = `${wanted.into}.incomplete`
  for (let attempt = 1; ; attempt++) {
    const result = yield* Effect.result(append(settings, wanted, part, attempt))
    if (Result.isSuccess(result) && (yield* sizeOf(part)) === wanted.entry.size) break
    if (Result.isFailure(result) && (result.failure._tag !== "HubUnreachable" || attempt >= settings.attempts))
      return yield* Effect.fail(result.failure)
    if (attempt >= settings.attempts) break
    const wait = waitBefore(settings, { attempt, key: key("download", plainUrl(wanted.url)), told: undefined })
    yield* Effect.sleep(wait * 1000)
  }
  yield* checkBlob(part, wanted.entry).pipe(Effect.onError(() => Effect.ignore(fs.remove(part, { force: true }))))
  yield* fs.rename(part, wanted.into)
})
