import { HttpApi, HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { ErrorBody } from "./errors.ts"
import { ChatAnswer, ChatPiece, Health, ModelList, TextAnswer } from "./protocol/answers.ts"
import { ChatRequest } from "./protocol/ChatRequest.ts"
import { PreferenceAnswer, PreferenceRequest, ScoreAnswer, ScoreRequest } from "./protocol/scoring.ts"
import { TextRequest } from "./protocol/TextRequest.ts"

const errors = ([400, 401, 403, 404, 413, 429, 500, 503] as const).map((status) =>
  ErrorBody.pipe(HttpApiSchema.status(status))
)

const described = (summary: string, description: string) => OpenApi.annotations({ summary, description })

const streamed = "With `stream: true` the answer comes as server-sent events, and `data: [DONE]` ends them."

const policy = HttpApiGroup.make("policy").add(
  HttpApiEndpoint.post("chat", "/v1/chat/completions", {
    payload: ChatRequest,
    success: [ChatAnswer, HttpApiSchema.StreamSse({ data: ChatPiece })],
    error: errors
  }).annotateMerge(described("Answer a conversation", streamed)),
  HttpApiEndpoint.post("text", "/v1/completions", {
    payload: TextRequest,
    success: [TextAnswer, HttpApiSchema.StreamSse({ data: TextAnswer })],
    error: errors
  }).annotateMerge(described("Go on with a text", streamed))
)

const judges = HttpApiGroup.make("judges").add(
  HttpApiEndpoint.post("score", "/v1/score", {
    payload: ScoreRequest,
    success: ScoreAnswer,
    error: errors
  }).annotateMerge(
    described("Score responses", "One reward for each row, in the order of the rows; larger is better.")
  ),
  HttpApiEndpoint.post("preference", "/v1/preference", {
    payload: PreferenceRequest,
    success: PreferenceAnswer,
    error: errors
  }).annotateMerge(
    described("Compare responses", "For each row, in the order of the rows, how likely `first` is the better response.")
  )
)

const server = HttpApiGroup.make("server").add(
  HttpApiEndpoint.get("models", "/v1/models", { success: ModelList }).annotateMerge(
    described("List models", "The names under which requests ask.")
  ),
  HttpApiEndpoint.get("health", "/health", { success: Health }).annotateMerge(
    described("Tell whether the server runs", "Asks for no key.")
  )
)

/** What a server answers, as it is documented. */
export const Api = HttpApi.make("prefloop")
  .add(policy, judges, server)
  .annotateMerge(
    OpenApi.annotations({
      title: "prefloop",
      version: "1",
      description:
        "Responses, rewards and preferences of local models. A server with a key wants `Authorization: Bearer KEY` below /v1."
    })
  )
