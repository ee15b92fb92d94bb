import { Effect, FileSystem, Layer, Path, Result, Scope } from "effect"
import type { Candidates, Prompt, Response } from "../../schemas/mod.ts"
import { type Checkpoint, openCheckpoint } from "../checkpoint/mod.ts"
import { serialize } from "../graph/mod.ts"
import { decodeGraph } from "../model/mod.ts"
import { key } from "../random/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { encodePrompt } from "../text/mod.ts"
import { makeSelectRows } from "./cache.ts"
import { type Decoder, decodeRows, type Row } from "./decodeRows.ts"
import { ModelFailed, PromptInvalid, PromptTooLong, SamplerError } from "./errors.ts"
import { Policy, type SampleRequest } from "./Policy.ts"

interface Job {
  /** Index of the prompt in the request. */
  readonly prompt: number
  readonly sample: number
  readonly temperature: number
}

const openDecoder = Effect.fnUntraced(function* (checkpoint: Checkpoint, draws: Decoder["draws"]) {
  const runtime = yield* OnnxRuntime
  const { config, family, weights, folder, tokenizer } = checkpoint
  const graph = decodeGraph({ family, config, weights, contextLength: config.max_position_embeddings, draw: draws })
  const session = yield* runtime.session({ name: `decode ${folder}`, model: serialize(graph), externalFolder: folder })
  const selectRows = yield* makeSelectRows(config)
  const decoder: Decoder = { config, session, draws, selectRows, endIds: new Set(tokenizer.eosIds) }
  return decoder
})

const fail = (reason: SamplerError["reason"]) => new SamplerError({ reason })

const encode = (checkpoint: Checkpoint, request: SampleRequest) =>
  Effect.forEach(request.prompts, (prompt) => {
    const contextLength = checkpoint.config.max_position_embeddings
    const ids = Result.mapError(encodePrompt(checkpoint.tokenizer, prompt.messages, { contextLength }), (cause) =>
      fail(new PromptInvalid({ promptId: prompt.promptId, cause }))
    )
    return Effect.fromResult(
      Result.flatMap(ids, (found) =>
        found.length + request.maxNewTokens <= contextLength
          ? Result.succeed(found)
          : Result.fail(
              fail(
                new PromptTooLong({
                  promptId: prompt.promptId,
                  tokens: found.length,
                  contextLength: contextLength - request.maxNewTokens + 1
                })
              )
            )
      )
    )
  })

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

const toResponse = (checkpoint: Checkpoint, job: Job, ids: ReadonlyArray<number>): Response => {
  const { tokenizer } = checkpoint
  const stopped = tokenizer.eosIds.includes(ids.at(-1) ?? -1)
  return {
    text: tokenizer.decode(Int32Array.from(stopped ? ids.slice(0, -1) : ids), { skipSpecialTokens: true }),
    ids,
    tokens: ids.length,
    finish: stopped ? "stop" : "length",
    temperature: job.temperature,
    sample: job.sample
  }
}

const toCandidates = (
  prompts: ReadonlyArray<Prompt>,
  drawn: ReadonlyArray<{ readonly job: Job; readonly response: Response }>
): ReadonlyArray<Candidates> => {
  const byPrompt = Map.groupBy(drawn, ({ job }) => job.prompt)
  return prompts.map(({ promptId, messages }, prompt) => ({
    promptId,
    messages,
    responses: (byPrompt.get(prompt) ?? []).map(({ response }) => response).toSorted((a, b) => a.sample - b.sample)
  }))
}

/**
 * The policy of a local model folder, decoded in batches with a key/value cache on the device of the runtime.
 *
 * Source   Algorithm 2: n/2 responses at each of two temperatures, no top-k, no top-p.
 * Units    batchSize in rows: responses that grow at the same time.
 * Domain   A response is a pure function of the weights, the prompt, the seed, the iteration and the sample.
 * Fails    CheckpointError, ModelError, TextError, RuntimeError when the layer is built; SamplerError when it is asked.
 */
export const localPolicy = (folder: string, options: { readonly batchSize: number }) =>
  Layer.effect(
    Policy,
    Effect.gen(function* () {
      const checkpoint = yield* openCheckpoint(folder, "causal")
      const runtime = yield* OnnxRuntime
      const scope = yield* Scope.Scope
      const decoders = {
        categorical: yield* Effect.cached(Scope.provide(openDecoder(checkpoint, "categorical"), scope)),
        greedy: yield* Effect.cached(Scope.provide(openDecoder(checkpoint, "greedy"), scope))
      }
      const drawBatch = Effect.fnUntraced(
        function* (request: SampleRequest, prompts: ReadonlyArray<Int32Array>, jobs: ReadonlyArray<Job>) {
          const used = [...new Set(jobs.map((job) => job.prompt))]
          const rows = jobs.map((job): Row => {
            const promptId = request.prompts[job.prompt]?.promptId ?? ""
            return {
              prompt: used.indexOf(job.prompt),
              temperature: job.temperature,
              key: key(request.seed, "sample", request.iteration, promptId, job.sample)
            }
          })
          const decoder = yield* jobs[0]?.temperature === 0 ? decoders.greedy : decoders.categorical
          const drawn = yield* decodeRows(decoder, {
            prompts: used.map((prompt) => prompts[prompt] ?? new Int32Array()),
            rows,
            maxNewTokens: request.maxNewTokens
          })
          return jobs.map((job, i) => ({ job, response: toResponse(checkpoint, job, drawn[i] ?? []) }))
        },
        Effect.provideService(OnnxRuntime, runtime)
      )
      const sample = Effect.fn("Policy.sample")(function* (request: SampleRequest) {
        const prompts = yield* encode(checkpoint, request)
        const jobs = jobsOf(request)
        const byKind = [jobs.filter((job) => job.temperature > 0), jobs.filter((job) => job.temperature === 0)]
        const slices = byKind.flatMap((kind) =>
          Array.from({ length: Math.ceil(kind.length / options.batchSize) }, (_, i) =>
            kind.slice(i * options.batchSize, (i + 1) * options.batchSize)
          )
        )
        const drawn = yield* Effect.forEach(slices, (slice) => drawBatch(request, prompts, slice)).pipe(
          Effect.mapError((cause) => new SamplerError({ reason: new ModelFailed({ model: folder, cause }) }))
        )
        return toCandidates(request.prompts, drawn.flat())
      })
      return Policy.of({ sample })
    })
  ) satisfies Layer.Layer<Policy, unknown, OnnxRuntime | FileSystem.FileSystem | Path.Path>
