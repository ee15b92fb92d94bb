import { Cause, Effect, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApiScalar, OpenApi } from "effect/http-api"
import { Api } from "./Api.ts"
import type { Desk } from "./Desk.ts"
import { type Posted, posted } from "./handlers.ts"
import { json, refuse, within } from "./respond.ts"
import { idsOf } from "./Served.ts"
import { toRefused } from "./toRefused.ts"

const models = ({ served, started }: Desk) =>
  json({
    object: "list",
    data: idsOf(served).map((id) => ({ id, object: "model", created: started, owned_by: "prefloop" }))
  })

/** A failure as an answer; one that is no fault of the request is logged as well. */
const answerFailure = (param: Posted["param"]) =>
  Effect.fnUntraced(function* (cause: Cause.Cause<unknown>) {
    if (Cause.hasInterruptsOnly(cause)) return yield* Effect.interrupt
    const refused = toRefused(param)(cause)
    if (refused.status === 500) yield* Effect.logError(refused.message, cause)
    return refuse(refused)
  })

/** Everything that a server answers. */
export const routes = (desk: Desk) => {
  const posts = Object.entries(posted).map(([path, { handler, param }]) =>
    HttpRouter.add(
      "POST",
      path as keyof typeof posted, // as: the keys of the table
      handler(desk).pipe(within(desk.timeout), Effect.catchCause(answerFailure(param)))
    )
  )
  return Layer.mergeAll(
    HttpRouter.add("GET", "/health", json({ status: "ok" })),
    HttpRouter.add("GET", "/v1/models", models(desk)),
    HttpRouter.add(
      "GET",
      "/openapi.json",
      Effect.sync(() => json(OpenApi.fromApi(Api)))
    ),
    HttpApiScalar.layer(Api, { path: "/docs" }),
    ...posts
  )
}
