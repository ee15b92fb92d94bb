import { createServer } from "node:http"
import { make } from "@effect/platform-node/NodeHttpServer"
import { Clock, Effect, Redacted, Ref, Scope } from "effect"
import { HttpRouter, HttpServer, HttpServerRequest } from "effect/http"
import { key as keyOf } from "../random/mod.ts"
import { isLoopback, refusalOf } from "./admit.ts"
import type { Desk } from "./Desk.ts"
import { AddressFailed, KeyWanted, Refused, ServerError } from "./errors.ts"
import { type GateOptions, makeGate } from "./makeGate.ts"
import { refuse } from "./respond.ts"
import { routes } from "./routes.ts"
import type { Served } from "./Served.ts"

/**
 * How a server serves.
 *
 * Units    `largestBody` in bytes; `timeout` and `grace` in seconds; `maxNewTokens` in tokens.
 * Domain   `port` 0 takes one that is free. `key` is the API key, which stood in the environment variable `keyVariable`; an
 *          address that other machines reach wants one. `seed` is that of requests that have none: each gets another.
 */
export interface ServeOptions
  extends GateOptions, Pick<Desk, "largestBody" | "timeout" | "maxNewTokens" | "fingerprint"> {
  readonly host: string
  readonly port: number
  readonly key: Redacted.Redacted | undefined
  readonly keyVariable: string
  readonly grace: number
  readonly seed: number
}

const stopping = new Refused({
  status: 503,
  message: "Cannot answer: the server is stopping",
  code: "stopping",
  retryAfter: 5
})

const openDesk = Effect.fnUntraced(function* (served: Served, options: ServeOptions) {
  const { fingerprint, largestBody, maxNewTokens, seed, timeout } = options
  const started = Math.floor((yield* Clock.currentTimeMillis) / 1000)
  const gate = yield* makeGate(options)
  let count = 0
  const nextKey = () => keyOf(seed, started, count++)
  const desk: Desk = { served, gate, largestBody, timeout, maxNewTokens, fingerprint, started, nextKey }
  return desk
})

/** Connections are kept for further requests while the server listens, and no longer: a stop waits for none that is idle. */
const openNodeServer = () => {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 60_000 })
  const closeIdle = () => {
    if (!server.listening) server.closeIdleConnections()
  }
  return server.on("request", (_, response) => response.on("close", () => setImmediate(closeIdle)))
}

/** Every request: those that may come in are answered by the router. */
const appOf = <E, R>(router: Effect.Effect<Response, E, R>, options: ServeOptions, closing: Ref.Ref<boolean>) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    if (yield* Ref.get(closing)) return refuse(stopping)
    const refused = refusalOf(request, options)
    if (refused !== undefined) return refuse(refused)
    const { method, url } = request
    const message = `Cannot answer: found "${method} ${url.split("?")[0]}", which is no address here; GET /openapi.json lists them`
    return yield* Effect.catchIf(
      router,
      (error) => error instanceof Object && "_tag" in error && error._tag === "HttpServerError",
      () => Effect.succeed(refuse(new Refused({ status: 404, message, code: "unknown_url" })))
    )
  })
type Response = ReturnType<typeof refuse>

/** Succeeds where an address may be served: other machines reach it only with a key. Fails: ServerError: KeyWanted. */
export const requireKey = ({
  host,
  key,
  keyVariable,
  port
}: Pick<ServeOptions, "host" | "key" | "keyVariable" | "port">) =>
  key === undefined && !isLoopback(host)
    ? Effect.fail(new ServerError({ address: `${host}:${port}`, reason: new KeyWanted({ variable: keyVariable }) }))
    : Effect.void

/**
 * Serves models over HTTP until the scope closes, and gives the address: what runs then may end within `grace` seconds,
 * and new requests are refused.
 *
 * Fails    ServerError: KeyWanted, AddressFailed.
 */
export const serve = Effect.fn("serve")(function* (served: Served, options: ServeOptions) {
  const { grace, host, port } = options
  const address = `${host}:${port}`
  yield* requireKey(options)
  const router = yield* HttpRouter.toHttpEffect(routes(yield* openDesk(served, options)))
  const failed = ({ cause }: { readonly cause: unknown }) =>
    new ServerError({ address, reason: new AddressFailed({ cause }) })
  const server = yield* make(openNodeServer, {
    host,
    port,
    gracefulShutdownTimeout: grace * 1000
  }).pipe(Effect.mapError(failed))
  const closing = yield* Ref.make(false)
  yield* server.serve(appOf(router, options, closing))
  yield* Scope.addFinalizer(yield* Effect.scope, Ref.set(closing, true))
  return HttpServer.formatAddress(server.address)
})
