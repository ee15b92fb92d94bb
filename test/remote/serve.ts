import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import { Clock, Duration, Effect } from "effect"
import type { Endpoint } from "../../src/remote/mod.ts"

/** A request as it arrived. */
export interface Arrived {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: any
}

/** What a server does: answers, never answers, closes the connection, or does either in the middle of an answer. */
export type Reply =
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly json?: unknown
      readonly text?: string
    }
  | "never"
  | "close"
  | "half, then never"
  | "half, then close"

const listen = (server: Server) =>
  Effect.callback<number>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/**
 * A server on the loopback that lives as long as the scope. `reply` gets each request and how many came before it to the same
 * path; `GET /v1/models` is answered unless `reply` is told to answer it, too.
 */
export const serve = Effect.fnUntraced(function* (
  reply: (request: Arrived, before: number) => Reply | Promise<Reply>,
  options: { readonly models?: "answered" | "asked" } = {}
) {
  const arrived: Array<Arrived> = []
  const handle = async (request: Arrived): Promise<Reply> => {
    if (/^(\/v1)?\/models$/.test(request.path) && options.models !== "asked") return { json: { data: [] } }
    const before = arrived.filter(({ path }) => path === request.path).length
    arrived.push(request)
    return reply(request, before)
  }
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", async () => {
      const text = Buffer.concat(chunks).toString()
      const { headers, method = "", url = "" } = request
      const answer = await handle({ method, path: url, headers, body: text === "" ? undefined : JSON.parse(text) })
      if (answer === "never") return
      if (answer === "close") return void request.socket.destroy()
      if (answer === "half, then never" || answer === "half, then close") {
        response.writeHead(200, { "content-length": "100" })
        response.write('{"choices": [', () => {
          if (answer === "half, then close") request.socket.destroy()
        })
        return
      }
      response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers })
      response.end(answer.text ?? JSON.stringify(answer.json ?? {}))
    })
  })
  const port = yield* Effect.acquireRelease(listen(server), () =>
    Effect.callback<void>((resume) => {
      server.closeAllConnections()
      server.close(() => resume(Effect.void))
    })
  )
  return { url: `http://127.0.0.1:${port}/v1`, arrived }
})

/** A server that nobody listens on: a port that was just given back. */
export const nobody = Effect.map(Effect.scoped(serve(() => "never")), ({ url }) => url)

/** An endpoint with short patience. */
export const endpointOf = (url: string, change: Partial<Endpoint> = {}): Endpoint => ({
  url,
  concurrency: 4,
  timeout: 600,
  attempts: 3,
  firstWait: 1,
  longestWait: 60,
  readyWithin: 10,
  ...change
})

/** Limits of time, which never pass here: for an answer, and for a look at a server that starts (milliseconds). */
const limits = new Set([600_000, 30_000])

/** Runs an effect with waits that pass at once, and gives the lengths of those that were waited (seconds, to the millisecond). */
export const withoutWaiting = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const waits: Array<number> = []
  let passed = 0
  const now = () => passed
  const nanos = () => BigInt(Math.round(passed * 1e6))
  const quick: Clock.Clock = {
    currentTimeMillisUnsafe: now,
    currentTimeMillis: Effect.sync(now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => {
      const millis = Duration.toMillis(duration)
      if (limits.has(millis)) return Effect.never
      waits.push(Math.round(millis) / 1000)
      passed += millis
      return Effect.void
    }
  }
  const result = yield* Effect.provideService(effect, Clock.Clock, quick)
  return { result, waits }
})
