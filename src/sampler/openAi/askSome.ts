import { Effect, Ref, Result } from "effect"
import type { Message, Prompt } from "../../../schemas/mod.ts"
import { key } from "../../random/mod.ts"
import { AnswerInvalid, type Connection, type RemoteReason } from "../../remote/mod.ts"
import { AnswerReport } from "../../runtime/mod.ts"
import { SamplerError } from "../errors.ts"
import type { SampleRequest } from "../Policy.ts"
import { UsageReport } from "../UsageReport.ts"
import { Completion } from "./Completion.ts"
import type { OpenAiSampler } from "./OpenAiSampler.ts"
import { readChoices } from "./readChoices.ts"
import { type Asked, requestBody } from "./requestBody.ts"

/** How a prompt becomes the token ids that /completions is asked with; without it, /chat/completions gets the messages. */
export type EncodePrompt = (prompt: Prompt) => Result.Result<ReadonlyArray<number>, SamplerError>

/** The responses of one prompt at one temperature. */
export interface Group {
  readonly prompt: Prompt
  readonly temperature: number
  /** Number of the first sample. */
  readonly first: number
}

/** Whether a server gives several responses in one answer. */
export type Manner = "unknown" | "together" | "oneByOne"

/** A server, and what is known of it. */
export interface Asking {
  readonly connection: Connection
  readonly options: OpenAiSampler
  readonly encode: EncodePrompt | undefined
  readonly manner: Ref.Ref<Manner>
}

const written = (messages: ReadonlyArray<Message>) => messages.map(({ content, role }) => ({ role, content }))

/** The question for `n` responses of a group, from sample `first` on. Fails: what `encode` fails with. */
const questionOf = ({ encode, options }: Asking, request: SampleRequest, asked: Group & { readonly n: number }) => {
  const { first, n, prompt, temperature } = asked
  const draw = key(request.seed, "sample", request.iteration, prompt.promptId, first)
  const given: Result.Result<Asked["prompt"], SamplerError> = encode
    ? Result.map(encode(prompt), (ids) => ({ prompt: ids }))
    : Result.succeed({ messages: written(prompt.messages) })
  return Result.map(given, (shown) => ({
    path: encode ? "/completions" : "/chat/completions",
    body: requestBody(options, request, { prompt: shown, temperature, n, seed: draw[0] >>> 1 }),
    answer: Completion,
    wanted: "choices with messages or texts",
    key: draw
  }))
}

/** Statuses of servers that refuse to give several responses: llama.cpp says 500, and 400 since. */
export const refusals: ReadonlyArray<number> = [400, 422, 500, 501]

/** Statuses of a server that will not answer this prompt, and may well answer others: too long, as a rule. */
const ofThePrompt = new Set([400, 413, 422])

const failureOf = ({ promptId }: Prompt, reason: RemoteReason) =>
  reason._tag === "ServerRefused" && ofThePrompt.has(reason.status)
    ? new SamplerError({ promptId, reason })
    : new SamplerError({ reason })

/** Asks for `n` responses of a group, from sample `first` on; from 1 to n come back. */
export const askSome = Effect.fnUntraced(function* (
  asking: Asking,
  request: SampleRequest,
  asked: Group & { readonly n: number }
) {
  const question = yield* Effect.fromResult(questionOf(asking, request, asked))
  const { ask, url } = asking.connection
  const isTry = asked.n > 1 && (yield* Ref.get(asking.manner)) === "unknown"
  const answered = ask(isTry ? { ...question, final: refusals } : question)
  const completion = yield* Effect.mapError(answered, (reason) => failureOf(asked.prompt, reason))
  const { usage } = completion
  const report = yield* UsageReport
  yield* report({
    requests: 1,
    promptTokens: usage?.prompt_tokens ?? 0,
    completionTokens: usage?.completion_tokens ?? 0
  })
  yield* (yield* AnswerReport)(completion.choices.length)
  const wanted = {
    n: asked.n,
    maxNewTokens: request.maxNewTokens,
    logProbabilities: request.logProbabilities ?? false,
    ids: asking.options.tokenIds === "ask",
    reasoning: asking.options.reasoning
  }
  const read = readChoices(completion, wanted)
  return yield* Effect.fromResult(
    Result.mapError(read, (mismatch) => {
      const reason = new AnswerInvalid({ url: `${url}${question.path}`, status: 200, ...mismatch })
      return new SamplerError({ reason })
    })
  )
})
