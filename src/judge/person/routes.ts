import { Effect, Layer, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { Desk, View } from "./Desk.ts"
import { PersonError } from "./errors.ts"
import { closed, type Page } from "./readPage.ts"

/** What the page says to one who has nothing to judge, and whether it offers to end the work. */
export interface Manner {
  readonly idle: string
  readonly closes: boolean
}

const Who = Schema.Struct({ annotator: Schema.String })
const Said = Schema.Struct({ ...Who.fields, pairId: Schema.String, choice: Schema.Literals(["upper", "lower", "tie"]) })

const json = (value: unknown, status = 200) =>
  HttpServerResponse.text(JSON.stringify(value), { status, contentType: "application/json", headers: closed })

/** An answer with one sentence about what is wrong. */
export const refused = (status: number, message: string) => json({ message }, status)

const statusOf = { AnnotatorUnknown: 404, PairNotShown: 409, LabelsLocked: 500, LabelsFailed: 500, PageFailed: 500 }

/** A failure as an answer: what was asked wrongly, what is out of date, what could not be saved. */
const answer = <R>(handler: Effect.Effect<HttpServerResponse.HttpServerResponse, unknown, R>) =>
  Effect.catch(handler, (error) =>
    Effect.succeed(
      error instanceof PersonError
        ? refused(statusOf[error.reason._tag], error.message)
        : refused(400, "Cannot answer: the request is not one that the page makes")
    )
  )

/** What the page asks of a desk, and the page itself. Domain: `root` is the path of all of it and ends in "/". */
export const routes = (desk: Desk, page: Page, { root, ...manner }: Manner & { readonly root: `/${string}/` }) => {
  const shown = (view: Effect.Effect<View, PersonError>) => Effect.map(view, (found) => json({ ...found, ...manner }))
  const state = Effect.flatMap(HttpServerRequest.schemaSearchParams(Who), ({ annotator }) =>
    shown(desk.view(annotator))
  )
  const verdict = Effect.flatMap(HttpServerRequest.schemaBodyJson(Said), (said) => shown(desk.judge(said)))
  const undo = Effect.flatMap(HttpServerRequest.schemaBodyJson(Who), ({ annotator }) => shown(desk.undo(annotator)))
  const finish = manner.closes
    ? Effect.as(desk.finish, json({}))
    : Effect.succeed(refused(403, "Cannot finish: the work ends with the run that asks"))
  const at = (name: string): `/${string}` => `${root}${name}`
  return Layer.mergeAll(
    HttpRouter.add(
      "GET",
      at(""),
      HttpServerResponse.text(page.html, { contentType: "text/html", headers: page.headers })
    ),
    HttpRouter.add("GET", at("annotators"), json({ annotators: desk.annotators })),
    HttpRouter.add("GET", at("state"), answer(state)),
    HttpRouter.add("POST", at("verdict"), answer(verdict)),
    HttpRouter.add("POST", at("undo"), answer(undo)),
    HttpRouter.add("POST", at("finish"), answer(finish))
  )
}
