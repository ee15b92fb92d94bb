import { Clock, Effect, type Scope } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import { key } from "../random/mod.ts"
import type { Rollout } from "../sampler/mod.ts"
import { answerPieces } from "./answer/answerPieces.ts"
import { answerWhole } from "./answer/answerWhole.ts"
import { askedOf } from "./answer/Asked.ts"
import { dialects } from "./answer/Dialect.ts"
import type { Reply } from "./answer/Reply.ts"
import { toEvents } from "./answer/toEvents.ts"
import type { Desk } from "./Desk.ts"
import { Refused } from "./errors.ts"
import { toMessage } from "./protocol/ChatMessage.ts"
import { ChatRequest } from "./protocol/ChatRequest.ts"
import { PreferenceRequest, ScoreRequest } from "./protocol/scoring.ts"
import { promptsOf, TextRequest } from "./protocol/TextRequest.ts"
import { readRequest } from "./readRequest.ts"
import { events, json, streamWithin, written } from "./respond.ts"
import { modelOf } from "./Served.ts"
import { textRefused, toRefused } from "./toRefused.ts"

/** Most responses of one request. */
const mostResponses = 1024

const tooMany = (found: number) =>
  new Refused({
    status: 400,
    message: `Cannot answer: found ${found} responses asked for (prompts times n), wanted at most ${mostResponses}`,
    param: "n"
  })

/** A request to the policy, read: the body, its prompts as tokens, and how its answer is written. */
interface Read {
  readonly kind: keyof typeof dialects
  readonly body: ChatRequest | TextRequest
  readonly encode: (rollout: Rollout["Service"]) => Effect.Effect<ReadonlyArray<Int32Array>, Refused>
}

const replyOf = Effect.fnUntraced(function* (desk: Desk, { body, encode, kind }: Read) {
  const { id, service } = yield* modelOf(desk.served.policy, { kind: "policy", name: body.model })
  const prompts = yield* encode(service)
  const { contextLength } = service
  const own = desk.nextKey()
  const maxNewTokens = kind === "text" ? Math.min(16, desk.maxNewTokens) : desk.maxNewTokens
  const asked = askedOf(body, prompts, { key: key(...own, "seed"), maxNewTokens, contextLength })
  if (asked.requests.length > mostResponses) return yield* tooMany(asked.requests.length)
  // what is checked is the same for all responses to a prompt
  const apart = asked.requests.filter(({ ids }, i, all) => ids !== all[i - 1]?.ids)
  yield* Effect.forEach(apart, service.check, { discard: true })
  const dialect = dialects[kind]
  const created = Math.floor((yield* Clock.currentTimeMillis) / 1000)
  const number = own.map((word) => word.toString(16).padStart(8, "0")).join("")
  const head = { id: `${dialect.id}-${number}`, created, model: id, system_fingerprint: desk.fingerprint }
  const reply: Reply = { rollout: service, asked, dialect, head }
  return reply
})

const optionsWithoutStream = new Refused({
  status: 400,
  message: 'Cannot read the request: found "stream_options", wanted it only beside "stream": true',
  param: "stream_options"
})

/** Answers a request to the policy, whole or in pieces. Fails: Refused, SamplerError. */
const generate = Effect.fnUntraced(function* (desk: Desk, read: Read) {
  const { body, kind } = read
  const streams = body.stream === true
  if (!streams && body.stream_options !== undefined) return yield* optionsWithoutStream
  yield* desk.gate.enter
  const reply = yield* replyOf(desk, read)
  if (!streams) return written(yield* answerWhole(reply))
  const usage = body.stream_options?.include_usage === true ? "last" : "none"
  const pieces = streamWithin(desk.timeout)(answerPieces(reply, usage))
  return events(toEvents(pieces, toRefused(kind === "chat" ? "messages" : "prompt")))
})

/** `POST /v1/chat/completions` */
export const chat = Effect.fnUntraced(function* (desk: Desk) {
  const body = yield* readRequest(ChatRequest, desk)
  const encode = ({ contextLength, tokenizing }: Rollout["Service"]) =>
    Effect.mapBoth(tokenizing.run("encodePrompt", body.messages.map(toMessage), { contextLength }), {
      onSuccess: (ids) => [ids],
      onFailure: (error) => textRefused("messages", error)
    })
  return yield* generate(desk, { kind: "chat", body, encode })
})

/** `POST /v1/completions` */
export const text = Effect.fnUntraced(function* (desk: Desk) {
  const body = yield* readRequest(TextRequest, desk)
  const encode = ({ tokenizing }: Rollout["Service"]) =>
    Effect.forEach(promptsOf(body), (prompt) =>
      typeof prompt === "string"
        ? Effect.mapError(tokenizing.run("encode", prompt), (error) => textRefused("prompt", error))
        : Effect.succeed(Int32Array.from(prompt))
    )
  return yield* generate(desk, { kind: "text", body, encode })
})

/** `POST /v1/score` */
export const score = Effect.fnUntraced(function* (desk: Desk) {
  const { model: name, rows } = yield* readRequest(ScoreRequest, desk)
  yield* desk.gate.enter
  const { service } = yield* modelOf(desk.served.reward, { kind: "reward", name })
  const rewards = yield* service.score(rows.map(({ messages, response }) => ({ messages, responses: [response] })))
  return json({ rewards: rewards.flat() })
})

/** `POST /v1/preference` */
export const preference = Effect.fnUntraced(function* (desk: Desk) {
  const { model: name, rows } = yield* readRequest(PreferenceRequest, desk)
  yield* desk.gate.enter
  const { service } = yield* modelOf(desk.served.preference, { kind: "preference", name })
  return json({ probabilities: yield* service.prefer(rows) })
})

/** What is answered under a path. */
export interface Posted {
  readonly handler: (
    desk: Desk
  ) => Effect.Effect<HttpServerResponse.HttpServerResponse, unknown, HttpServerRequest.HttpServerRequest | Scope.Scope>
  readonly param: "messages" | "prompt" | "rows"
}

type Path = `/v1/${"chat/completions" | "completions" | "score" | "preference"}`

/** Handlers of what is posted, by path, and the key that holds what is asked about. */
export const posted: Readonly<Record<Path, Posted>> = {
  "/v1/chat/completions": { handler: chat, param: "messages" },
  "/v1/completions": { handler: text, param: "prompt" },
  "/v1/score": { handler: score, param: "rows" },
  "/v1/preference": { handler: preference, param: "rows" }
}
