import { Effect, Layer, Ref, Schema } from "effect"
import type { HttpClient } from "effect/http"
import type { Candidates, Response } from "../../schemas/mod.ts"
import { connect, makeOnce } from "../remote/mod.ts"
import type { SamplerError } from "./errors.ts"
import { type Asking, askSome, type EncodePrompt, type Group, type Manner, refusals } from "./openAi/askSome.ts"
import { OpenAiSampler } from "./openAi/OpenAiSampler.ts"
import type { Answered } from "./openAi/readChoices.ts"
import { makeUpdateWeights } from "./openAi/updateWeights.ts"
import { Policy, type SampleRequest } from "./Policy.ts"

const toResponse = ({ index, ...answered }: Answered, { first, temperature }: Group): Response => ({
  ...answered,
  temperature,
  sample: first + index
})

const isRefusal = ({ reason }: SamplerError) => reason._tag === "ServerRefused" && refusals.includes(reason.status)

/**
 * The responses of a group in one answer: some or all of them, or none where the server gives no several. At temperature 0
 * nobody is asked for several: vLLM refuses that, and they are the same.
 */
const askTogether = Effect.fnUntraced(function* (asking: Asking, request: SampleRequest, group: Group) {
  const manner = yield* Ref.get(asking.manner)
  if (request.perTemperature < 2 || group.temperature === 0 || manner === "oneByOne") return []
  const asked = askSome(asking, request, { ...group, n: request.perTemperature })
  const answered = yield* Effect.catchIf(
    asked,
    (error) => manner === "unknown" && isRefusal(error),
    () => Effect.succeed([])
  )
  if (manner === "unknown") yield* Ref.set(asking.manner, answered.length > 1 ? "together" : "oneByOne")
  return answered
})

/** All responses of a group: what an answer leaves out is asked for one by one, and nothing is asked for twice. */
const askGroup = Effect.fnUntraced(function* (asking: Asking, request: SampleRequest, group: Group) {
  const answered = yield* askTogether(asking, request, group)
  const known = new Map(answered.map((each) => [each.index, toResponse(each, group)]))
  return yield* Effect.forEach(
    Array.from({ length: request.perTemperature }, (_, place) => place),
    Effect.fnUntraced(function* (place) {
      const found = known.get(place)
      if (found) return found
      const alone = { ...group, first: group.first + place, n: 1 }
      const [only] = yield* askSome(asking, request, alone)
      return only ? toResponse(only, alone) : yield* Effect.die("an answer without choices was let through")
    }),
    { concurrency: asking.options.concurrency }
  )
})

/** What a policy on a server takes from a model folder here. */
export interface OpenAiModel {
  /** Asks /completions with token ids; without it, /chat/completions gets the messages. */
  readonly encode?: EncodePrompt
  /** A folder whose weights the server loads before it is first asked; without it, it answers with those that it has. */
  readonly weights?: string
}

/**
 * The policy of a model on an OpenAI-compatible server (vLLM, SGLang, llama.cpp, Ollama).
 *
 * Source   Algorithm 2: n/2 responses at each of two temperatures, no top-k, no top-p.
 * Domain   A request is a pure function of the prompt, the seed, the iteration and the first sample it asks for; the answer is
 *          as reproducible as the server makes it. Responses asked for together share a seed, and a server that gives one
 *          where several were asked for, or refuses, is asked one by one from then on. What Ollama takes from its
 *          Modelfile cannot be written in a request.
 * Units    log-probabilities as the server computes them: of vLLM, before the temperature.
 * Fails    SamplerError when it is asked: KeyMissing, ServerUnreachable, ServerTimedOut, ServerRefused, AnswerInvalid.
 */
export const openAiPolicy = (written: typeof OpenAiSampler.Encoded, model: OpenAiModel = {}) =>
  Layer.effect(
    Policy,
    Effect.gen(function* () {
      const options = Schema.decodeSync(OpenAiSampler)(written)
      const connection = yield* connect(options)
      const manner = yield* Ref.make<Manner>(options.samples === "together" ? "unknown" : "oneByOne")
      const asking: Asking = { connection, options, encode: model.encode, manner }
      const update = yield* makeUpdateWeights(options)
      const prepare = yield* makeOnce(model.weights === undefined ? Effect.void : update(model.weights))
      const sample = Effect.fn("Policy.sample")(function* (request: SampleRequest) {
        yield* prepare
        const groups = request.prompts.flatMap((prompt) =>
          request.temperatures.map((temperature, i) => ({ prompt, temperature, first: i * request.perTemperature }))
        )
        const drawn = yield* Effect.forEach(groups, (group) => askGroup(asking, request, group), {
          concurrency: options.concurrency
        })
        const perPrompt = request.temperatures.length
        return request.prompts.map(({ messages, promptId }, i): Candidates => ({
          promptId,
          messages,
          responses: drawn.slice(i * perPrompt, (i + 1) * perPrompt).flat()
        }))
      })
      return Policy.of({ sample })
    })
  ) satisfies Layer.Layer<Policy, unknown, HttpClient.HttpClient>
