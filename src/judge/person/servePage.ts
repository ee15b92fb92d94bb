import { randomBytes } from "node:crypto"
import { createServer } from "node:http"
import { make } from "@effect/platform-node/NodeHttpServer"
import { ByteSize, Effect } from "effect"
import { HttpIncomingMessage, HttpRouter, HttpServer, HttpServerRequest } from "effect/http"
import { largestBody, refusalOf } from "./admit.ts"
import type { Desk } from "./Desk.ts"
import { PageFailed, PersonError } from "./errors.ts"
import { readPage } from "./readPage.ts"
import { type Manner, refused, routes } from "./routes.ts"

const failed = (cause: unknown) => new PersonError({ action: "serve the page", reason: new PageFailed({ cause }) })

/**
 * Serves a desk as a page to this machine alone until the scope closes, and gives the page's address. The address holds a
 * secret of 128 bits, so that other users of the machine find nothing.
 *
 * Domain   `port` 0 takes one that is free.
 * Fails    PersonError: PageFailed.
 */
export const servePage = Effect.fn("servePage")(function* (desk: Desk, options: Manner & { readonly port: number }) {
  const { port: wanted, ...manner } = options
  const page = yield* Effect.mapError(readPage, failed)
  const secret = yield* Effect.sync(() => randomBytes(16).toString("base64url")) // not a number that a result depends on
  const root = `/${secret}/` as const
  const router = yield* HttpRouter.toHttpEffect(routes(desk, page, { ...manner, root }))
  const server = yield* make(() => createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }), {
    host: "127.0.0.1",
    port: wanted,
    gracefulShutdownTimeout: "1 second"
  }).pipe(Effect.mapError(({ cause }) => failed(cause)))
  const origin = HttpServer.formatAddress(server.address)
  const port = Number(new URL(origin).port)
  const app = Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const refusal = refusalOf(request, port)
    return refusal === undefined ? yield* router : refused(refusal.status, refusal.message)
  }).pipe(
    Effect.catchTag("HttpServerError", () => Effect.succeed(refused(404, "Cannot answer: found no such page"))),
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(largestBody))
  )
  yield* server.serve(app)
  return `${origin}${root}`
})
