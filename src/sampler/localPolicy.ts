import { Effect, FileSystem, Layer, Path } from "effect"
import type { Candidates, Prompt, Response } from "../../schemas/mod.ts"
import { key } from "../random/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { invalidOption } from "./checkRequest.ts"
import type { DecoderOptions } from "./decoder/openDecoder.ts"
import { PromptInvalid, RequestInvalid, SamplerError } from "./errors.ts"
import { openRollout } from "./localRollout.ts"
import { Policy, type SampleRequest } from "./Policy.ts"
import type { Drawn, Rollout, RolloutRequest } from "./Rollout.ts"

interface Job {
  /** Index of the prompt in the request. */
  readonly prompt: number
  readonly sample: number
  readonly temperature: number
}

const fail = (reason: SamplerError["reason"]) => Effect.fail(new SamplerError({ reason }))

const invalid = (option: string, found: unknown, wanted: string) =>
  new RequestInvalid({ option, found: String(found), wanted })

/** What is wrong with a request before any prompt is looked at. */
const problemOf = (request: SampleRequest): RequestInvalid | undefined => {
  const { perTemperature, temperatures } = request
  if (temperatures.length === 0) return invalid("temperatures", "none", "at least one")
  if (!Number.isInteger(perTemperature) || perTemperature < 1) {
    return invalid("perTemperature", perTemperature, "a whole number ≥ 1")
  }
  return temperatures
    .map((temperature) => invalidOption({ ...request, temperature }))
    .find((each) => each !== undefined)
}

const encode = ({ contextLength, tokenizing }: Rollout["Service"], { prompts }: SampleRequest) =>
  Effect.forEach(prompts, ({ messages, promptId }) =>
    Effect.catch(tokenizing.run("encodePrompt", messages, { contextLength }), (cause) =>
      fail(new PromptInvalid({ promptId, cause }))
    )
  )

const jobsOf = (request: SampleRequest): ReadonlyArray<Job> =>
  request.prompts.flatMap((_prompt, prompt) =>
    request.temperatures.flatMap((temperature, which) =>
      Array.from({ length: request.perTemperature }, (_, i) => ({
        prompt,
        temperature,
        sample: which * request.perTemperature + i
      }))
    )
  )

const toRequest = (request: SampleRequest, job: Job, ids: Int32Array): RolloutRequest => {
  const {
    iteration,
    perTemperature: _perTemperature,
    prompts,
    seed,
    temperatures: _temperatures,
    ...choosing
  } = request
  const name = prompts[job.prompt]?.promptId ?? ""
  return {
    ...choosing,
    ids,
    name,
    temperature: job.temperature,
    key: key(seed, "sample", iteration, name, job.sample)
  }
}

const toResponse = (job: Job, { finish, ids, logProbabilities, text }: Drawn): Response => ({
  text,
  ids,
  ...(logProbabilities ? { logProbabilities } : {}),
  tokens: ids.length,
  finish,
  temperature: job.temperature,
  sample: job.sample
})

const toCandidates = (
  prompts: ReadonlyArray<Prompt>,
  jobs: ReadonlyArray<Job>,
  drawn: ReadonlyArray<Drawn>
): ReadonlyArray<Candidates> => {
  const responses = drawn.flatMap((each, i) => (jobs[i] ? [toResponse(jobs[i], each)] : []))
  const perPrompt = prompts.length === 0 ? 0 : responses.length / prompts.length
  return prompts.map(({ messages, promptId }, i) => ({
    promptId,
    messages,
    responses: responses.slice(i * perPrompt, (i + 1) * perPrompt)
  }))
}

/** Answers prompts with a rollout. */
export const samplePolicy = (rollout: Rollout["Service"]): Policy["Service"] => ({
  sample: Effect.fn("Policy.sample")(function* (request: SampleRequest) {
    const problem = problemOf(request)
    if (problem) return yield* fail(problem)
    const prompts = yield* encode(rollout, request)
    const jobs = jobsOf(request)
    const drawn = yield* rollout.draw(
      jobs.map((job) => toRequest(request, job, prompts[job.prompt] ?? new Int32Array()))
    )
    return toCandidates(request.prompts, jobs, drawn)
  })
})

/** Nobody waits for single tokens: slots are filled before the next step. Units: tokens. */
export const rolloutChunkTokens = 2048

/**
 * The policy of a local model folder, decoded with a key/value cache on the device of the runtime.
 *
 * Source   Algorithm 2: n/2 responses at each of two temperatures, no top-k, no top-p.
 * Units    batchSize in rows: responses that grow at the same time; cacheMemory in bytes, no limit if absent.
 * Domain   A response is a pure function of the weights and the cache, as `weights` and `cache` keep them, the prompt, the seed, the iteration and the sample.
 * Fails    CheckpointError, ModelError, TextError, RuntimeError when the layer is built; SamplerError when it is asked.
 */
export const localPolicy = (
  folder: string,
  { batchSize, ...options }: { readonly batchSize: number } & Pick<DecoderOptions, "cache" | "cacheMemory" | "weights">
) =>
  Layer.effect(
    Policy,
    Effect.map(openRollout(folder, { ...options, slots: batchSize, chunkTokens: rolloutChunkTokens }), samplePolicy)
  ) satisfies Layer.Layer<Policy, unknown, OnnxRuntime | FileSystem.FileSystem | Path.Path>
