import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer, Path, Ref } from "effect"
import {
  compile,
  explain,
  formatExplanation,
  formatResults,
  Progress,
  runPipeline,
  RunStore
} from "../../src/pipeline/mod.ts"
import { type Arrived, type Reply, serve } from "../remote/serve.ts"
import { fakeTrainers } from "./fakeTrainers.ts"
import { checkText, messageOf, readText, smallPipeline, withFiles } from "./small.ts"

const secret = "sk-secret-0123456789"
const withSecret = Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ SERVER_KEY: secret })))

const sampler = (url: string) => `sampler: { openAi: { url: "${url}", model: tiny, apiKeyVariable: SERVER_KEY } }\n`
const judge = (url: string) => `  preference: { llm: { of: { openAi: { url: "${url}", model: judge } } } }\n`
const remote = (url: string) => `reward: { remote: { url: "${url}", apiKeyVariable: SERVER_KEY } }`

/** The small pipeline with a sampler, a reward and a judge on one server; the judge pairs. */
const servedPipeline = (url: string) =>
  smallPipeline
    .replace("prompts: {", `${sampler(url)}prompts: {`)
    .replace("reward: { rule: garden }\n", `${remote(url)}\n${judge(url)}`)
    .replace("  - score: {}\n  - pair: {}\n", "  - judge: { ranking: roundRobin }\n")

const here = "http://127.0.0.1:9/v1"

describe("readPipeline()", () => {
  it.effect("fills in how patiently a server is asked", () =>
    Effect.gen(function* () {
      const { file } = yield* readText(servedPipeline(here))
      const patience = {
        concurrency: 16,
        timeout: 600,
        attempts: 8,
        firstWait: 0.5,
        longestWait: 60,
        readyWithin: 300
      }
      assert.deepStrictEqual(file.models.reward, {
        remote: { url: here, apiKeyVariable: "SERVER_KEY", ...patience, batchSize: 64 }
      } as unknown as typeof file.models.reward)
      const drawn = { samples: "together", extensions: "send", tokenIds: "omit", reasoning: "refuse", extra: {} }
      assert.deepStrictEqual<unknown>(file.sampler, {
        openAi: {
          url: here,
          apiKeyVariable: "SERVER_KEY",
          model: "tiny",
          endpoint: "chat",
          weights: "asServed",
          ...patience,
          ...drawn
        }
      })
    }).pipe(withFiles)
  )

  it.effect("refuses an address with a password, and does not repeat it", () =>
    Effect.gen(function* () {
      for (const bad of ["http://me:hunter2@host/v1", "http://host/v1?key=hunter2"]) {
        const message = yield* messageOf(
          readText(servedPipeline(here).replace(`remote: { url: "${here}"`, `remote: { url: "${bad}"`))
        )
        assert.include(message, "models.reward.remote.url: expected an address without a user, a password or a query")
        assert.notInclude(message, "hunter2")
      }
    }).pipe(withFiles)
  )

  it.effect("refuses a key where the name of its variable belongs, and does not repeat it", () =>
    Effect.gen(function* () {
      const message = yield* messageOf(readText(servedPipeline(here).replaceAll("SERVER_KEY", secret)))
      assert.include(message, "sampler.openAi.apiKeyVariable: expected the name of a variable")
      assert.notInclude(message, secret)
    }).pipe(withFiles)
  )
})

const written = (score: string, pair: string) =>
  smallPipeline.replace("score: {}", `score: ${score}`).replace("pair: {}", `pair: ${pair}`)

const refusal = (score: string, pair: string) => messageOf(Effect.flatMap(readText(written(score, pair)), compile))

describe("compile()", () => {
  it.effect("refuses to take a length penalty off twice, or to undo one that is off", () =>
    Effect.gen(function* () {
      const off =
        'stage 2 "score" takes a length penalty off already, wanted it in the pair stage alone: score: { lengthPenalty: 0 }'
      assert.strictEqual(
        yield* refusal("{ lengthPenalty: 0.1 }", "{ lengthPenalty: 0.1 }"),
        `Cannot compile "small": ${off} (14:13)`
      )
      assert.include(yield* refusal("{ lengthPenalty: 0.1 }", "{ legacyOrder: true }"), off)
    }).pipe(withFiles)
  )

  it.effect("takes one in either stage", () =>
    Effect.gen(function* () {
      yield* compile(yield* readText(written("{ lengthPenalty: 0.1 }", "{}")))
      yield* compile(yield* readText(written("{}", "{ lengthPenalty: 0.1, legacyOrder: true }")))
    }).pipe(withFiles)
  )

  it.effect("wants a judge to find responses, and training to find its pairs", () =>
    Effect.gen(function* () {
      const text = smallPipeline.replace(/ {2}- sample.*\n {2}- score: {}\n {2}- pair: {}/, "  - judge: {}")
      const message = yield* messageOf(Effect.flatMap(readText(text), compile))
      assert.include(message, 'stage 1 "judge" needs column "responses", the prompts file gives promptId, messages')
    }).pipe(withFiles)
  )
})

describe("checkInputs()", () => {
  it.effect("names the variables of keys that are not there", () =>
    Effect.gen(function* () {
      const message = yield* messageOf(checkText(servedPipeline(here)))
      const missing = `"${here}": found no environment variable "SERVER_KEY", wanted the API key in it`
      assert.include(message, `sampler.openAi.apiKeyVariable: ${missing}`)
      assert.include(message, `models.reward.remote.apiKeyVariable: ${missing}`)
    }).pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({}))), withFiles)
  )

  it.effect("asks no server", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(() => "never", { models: "asked" })
      yield* checkText(servedPipeline(url))
      assert.deepStrictEqual(arrived, [])
    }).pipe(withSecret, Effect.scoped, withFiles)
  )

  it.effect("refuses a language model among the members of an ensemble, and folders that are not there", () =>
    Effect.gen(function* () {
      const of = "[fixtures/model/reward, fixtures/model/smollm2, { rule: garden }, fixtures/none]"
      const text = smallPipeline.replace(
        "reward: { rule: garden }",
        `reward: { ensemble: { of: ${of}, combine: worst } }`
      )
      const message = yield* messageOf(checkText(text))
      assert.include(message, "models.reward.ensemble.of.1: ")
      assert.include(message, "found a causal model, wanted a reward model")
      assert.include(message, 'models.reward.ensemble.of.3: found no folder "fixtures/none"')
      assert.notInclude(message, "ensemble.of.0")
    }).pipe(withFiles)
  )
})

const explained = (text: string) => Effect.flatMap(Effect.flatMap(readText(text), compile), explain)

describe("explain()", () => {
  it.effect("counts comparisons of a judge, and names servers and whose weights answer", () =>
    Effect.gen(function* () {
      const explanation = yield* explained(servedPipeline(here))
      // 4 prompts with 4 responses: 4·3/2 matches and a final
      assert.deepStrictEqual([explanation.perIteration.comparisons, explanation.perIteration.pairs], [4 * 7, 4])
      assert.deepStrictEqual(explanation.servers, [
        { what: "sampler", url: here, model: "tiny", weights: "asServed" },
        { what: "reward", url: here, model: undefined, weights: undefined },
        { what: "preference", url: here, model: "judge", weights: undefined }
      ])
      const lines = formatExplanation(explanation)
        .split("\n")
        .map((line) => line.replaceAll(/ {2,}/g, "  "))
      assert.include(lines, "comparisons per iteration, at most  28")
      assert.include(
        lines,
        `sampler on a server  tiny at ${here}, with the weights it is served with, in every iteration`
      )
      assert.include(lines, `reward on a server  ${here}`)
    }).pipe(withFiles)
  )

  it.effect("counts every pair of all pairs, and the steps that train on them", () =>
    Effect.gen(function* () {
      const { perIteration } = yield* explained(smallPipeline.replace("pair: {}", "pair: { rule: allPairs }"))
      // 4 prompts with 4 responses: 4·(4·3/2) pairs in batches of 2
      assert.deepStrictEqual([perIteration.pairs, perIteration.optimizerSteps], [24, 12])
    }).pipe(withFiles)
  )
})

const choice = (content: string, index: number) => ({ index, finish_reason: "stop", message: { content } })

/** A server that draws, scores by length, and judges that the longer response is better. */
const everything = ({ body, path }: Arrived): Reply => {
  if (path === "/v1/score") {
    return { json: { rewards: body.rows.map(({ response }: { response: string }) => response.length) } }
  }
  const usage = { prompt_tokens: 10, completion_tokens: 4 * body.n }
  const question: string = body.messages[0].content
  if (body.model === "tiny") {
    const choices = Array.from({ length: body.n }, (_, i) => choice("sea ".repeat(1 + ((i + body.seed) % 4)), i))
    return { json: { choices, usage } }
  }
  const [a = "", b = ""] = Array.from(
    question.matchAll(/begin of response .[^]*?>\n([^]*?)\n<\|end/g),
    ([, text]) => text
  )
  return { json: { choices: [choice(a.length > b.length ? "[[A]]" : "[[B]]", 0)], usage } }
}

/** Runs a pipeline with fakes for models, and gives what it says. */
const runIn = Effect.fnUntraced(function* (folder: string, text: string) {
  const said = yield* Ref.make<ReadonlyArray<string>>([])
  const add = (line: string) => Ref.update(said, (before) => [...before, line])
  const listening = Layer.succeed(
    Progress,
    Progress.of({ phase: () => Effect.succeed(() => Effect.void), note: add, warn: add })
  )
  const checked = yield* checkText(text)
  const described = { name: "small", seed: 0, versions: {}, pipelineFile: "small.yaml", pipeline: checked.file }
  const store = RunStore.layer({ folder, fresh: false, run: described }).pipe(Layer.provideMerge(listening))
  const results = yield* Effect.provide(runPipeline(checked), Layer.merge(store, fakeTrainers()))
  return { results, said: yield* Ref.get(said) }
})

const temporary = Effect.flatMap(FileSystem.FileSystem, (files) => files.makeTempDirectoryScoped())

/** Its batches are of one prompt each, and no request is sent again. */
const impatient = (url: string) =>
  servedPipeline(url)
    .replace("model: tiny", "model: tiny, attempts: 1, concurrency: 1")
    .replace("stages:", "batchSizes: { stage: 1 }\nstages:")

const isSample = ({ body }: Arrived) => body.model === "tiny"

describe("runPipeline() with servers", () => {
  it.effect("draws, scores and judges there, says what it cost, and asks nothing again when it goes on", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(everything)
      const folder = yield* temporary
      const { results, said } = yield* runIn(folder, servedPipeline(url))
      assert.strictEqual(results.rows.length, 4)
      const asked = (of: (one: Arrived) => boolean) => arrived.filter(of).length
      // two iterations of 4 prompts at one temperature
      assert.strictEqual(
        asked(({ body }) => body.model === "tiny"),
        8
      )
      assert.isAbove(
        asked(({ body }) => body.model === "judge"),
        0
      )
      assert.isAbove(
        asked(({ path }) => path === "/v1/score"),
        0
      )
      assert.include(
        said,
        'The responses are drawn by "tiny" as it is served: from iteration 2 on they are not those of the policy that is trained'
      )
      assert.include(said, "sample, iteration 1: 4 requests, 40 prompt tokens, 64 completion tokens")
      assert.isTrue(
        said.some((line) =>
          /^judge, iteration 1: \d+ comparisons, both orders agree in 100\.0 %, 0 of \d+ answers without a verdict/.test(
            line
          )
        )
      )
      const before = arrived.length
      yield* runIn(folder, servedPipeline(url))
      assert.strictEqual(arrived.length, before)
    }).pipe(withSecret, Effect.scoped, withFiles)
  )

  it.effect("keeps what was answered before a server was gone, and goes on to the bytes of an unbroken run", () =>
    Effect.gen(function* () {
      let left = 2
      const { arrived, url } = yield* serve((asked) => {
        if (isSample(asked) && left-- === 0) return { status: 503 }
        return everything(asked)
      })
      const [broken, whole] = [yield* temporary, yield* temporary]
      const message = yield* messageOf(runIn(broken, impatient(url)))
      assert.include(message, "found status 503")
      const { said } = yield* runIn(broken, impatient(url))
      const prompts = arrived.filter(isSample).map(({ body }) => body.messages[0].content)
      // the third prompt was refused once; none that was answered is asked again
      assert.strictEqual(prompts.length, 8 + 1)
      assert.deepStrictEqual(prompts[2], prompts[3])
      assert.strictEqual(new Set(prompts).size, 8)
      assert.include(said, "sample, iteration 1: 2 requests, 20 prompt tokens, 32 completion tokens")
      yield* runIn(whole, impatient(url))
      const files = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      for (const name of ["iteration-1/1-sample.arrow", "iteration-1/2-judge.arrow", "iteration-2/1-sample.arrow"]) {
        const bytes = (folder: string) => files.readFile(join(folder, name))
        assert.deepStrictEqual(yield* bytes(broken), yield* bytes(whole), name)
      }
      const names = yield* files.readDirectory(broken, { recursive: true })
      assert.deepStrictEqual(
        names.filter((name) => name.includes(".arrow.state")),
        []
      )
    }).pipe(withSecret, Effect.scoped, withFiles)
  )

  it.effect("writes no key anywhere", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(everything)
      const files = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      const folder = yield* temporary
      const { results, said } = yield* runIn(folder, servedPipeline(url))
      const sent = arrived.filter(({ headers }) => headers.authorization === `Bearer ${secret}`)
      assert.isAbove(sent.length, 8)
      const names = yield* files.readDirectory(folder, { recursive: true })
      const texts = [formatResults(results), JSON.stringify(results), ...said]
      for (const name of names) {
        const path = join(folder, name)
        if ((yield* files.stat(path)).type === "File")
          texts.push(Buffer.from(yield* files.readFile(path)).toString("latin1"))
      }
      assert.isAbove(texts.length, 20)
      assert.isFalse(texts.some((text) => text.includes(secret)))
    }).pipe(withSecret, Effect.scoped, withFiles)
  )

  it.effect("gives token ids of the policy's own template to /completions, and has πₜ loaded first", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve((asked) => {
        if (asked.path === "/update_weights_from_disk") return { json: { success: true } }
        const { n, prompt, seed } = asked.body
        const choices = Array.from({ length: n }, (_, index) => {
          return { index, finish_reason: "stop", text: "sea ".repeat(1 + ((index + seed + prompt.length) % 4)) }
        })
        return { json: { choices, usage: { completion_tokens: n } } }
      })
      const folder = yield* temporary
      // of a folder, the fakes score by length
      const text = smallPipeline
        .replace("reward: { rule: garden }", "reward: fixtures/model/reward")
        .replace(
          "prompts: {",
          `sampler: { openAi: { url: "${url}", model: tiny, endpoint: completions, weights: updateFromDisk } }\nprompts: {`
        )
      const { said } = yield* runIn(folder, text)
      const { resolve } = yield* Path.Path
      assert.deepStrictEqual(
        arrived.flatMap(({ body, path }) => (path === "/update_weights_from_disk" ? [body.model_path] : [])),
        [resolve(folder, "models/sft"), resolve(folder, "iteration-1/policy")]
      )
      const prompts = arrived.filter(({ path }) => path === "/v1/completions")
      assert.strictEqual(prompts.length, 8)
      assert.isTrue(prompts.every(({ body }) => body.prompt.length > 2 && body.prompt.every(Number.isInteger)))
      assert.isFalse(said.some((line) => line.includes("as it is served")))
    }).pipe(Effect.scoped, withFiles)
  )
})
