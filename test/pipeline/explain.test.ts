import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { compile, explain, formatExplanation } from "../../src/pipeline/mod.ts"
import { readText, smallPipeline, withFiles } from "./small.ts"

const explained = (text: string) => Effect.flatMap(Effect.flatMap(readText(text), compile), explain)

it.effect("explain() counts what a run costs at most", () =>
  Effect.gen(function* () {
    const explanation = yield* explained(smallPipeline)
    // 4 prompts × 4 responses × 8 tokens; 4 pairs in batches of 2, one pass; two iterations.
    assert.deepStrictEqual(explanation.perIteration, {
      prompts: 4,
      responses: 16,
      tokens: 128,
      comparisons: 0,
      pairs: 4,
      optimizerSteps: 2
    })
    assert.deepStrictEqual(explanation.total, { responses: 32, tokens: 256, optimizerSteps: 4 })
  }).pipe(withFiles)
)

it.effect("explain() counts the weights that config.json asks for, and lives without it", () =>
  Effect.gen(function* () {
    // 152·128 embeddings; 4 layers of 2·128 norms, 128·(128+64+64)+128·128 attention, 3·128·344 MLP; 128 of the last norm.
    const layer = 2 * 128 + 128 * (128 + 64 + 64) + 128 * 128 + 3 * 128 * 344
    const there = yield* explained(smallPipeline)
    assert.deepStrictEqual(there.policy, { folder: "fixtures/garden/model", parameters: 152 * 128 + 4 * layer + 128 })
    const gone = yield* explained(smallPipeline.replace("garden/model", "nowhere"))
    assert.deepStrictEqual(gone.policy, { folder: "fixtures/nowhere", parameters: undefined })
  }).pipe(withFiles)
)

it.effect("explain() counts keys and values as they are kept, within their budget", () =>
  Effect.gen(function* () {
    // keys and values of 4 layers, 2 heads and 32 features; 64 responses of 64 tokens
    const elements = 2 * 4 * 2 * 32
    const cache = (decode: string) =>
      Effect.map(explained(`${smallPipeline}\ndecode: { ${decode} }\n`), (explanation) => explanation.cache)
    const whole = { format: "float32", perToken: 4 * elements, slots: 64, longest: 64, most: 64 * 64 * 4 * elements }
    assert.deepStrictEqual(yield* cache("cache: float32"), whole)
    const eight = { ...whole, format: "int8", perToken: elements, most: 64 * 64 * elements }
    assert.deepStrictEqual(yield* cache("cache: int8"), eight)
    const within = { ...whole, format: "float16", perToken: 2 * elements, slots: 15, most: 15 * 64 * 2 * elements }
    assert.deepStrictEqual(yield* cache("cache: float16, cacheMemory: 1MB"), within)
    const told = formatExplanation(yield* explained(`${smallPipeline}\ndecode: { cache: int8 }\n`))
    assert.match(told, /keys and values of 64 responses of 64 tokens +0\.00 GB, 512 bytes a token in int8/)
  }).pipe(withFiles)
)

it.effect(
  "explain() predicts the peak memory of every training phase, and refuses what a budget is too small for",
  () =>
    Effect.gen(function* () {
      const whole = yield* explained(smallPipeline)
      assert.deepStrictEqual(
        whole.memory.map(({ longest, phase, refused }) => [phase, longest, refused]),
        // the longest of the first eight demonstrations, the context, the longest of the first eight preferences
        [
          ["models/sft", 30, undefined],
          ["iteration-t/policy", 64, undefined],
          ["baseline/policy", 29, undefined]
        ]
      )
      const named = yield* explained(smallPipeline.replace("train: {", "train: { maxTokens: 48,"))
      assert.deepStrictEqual(
        [whole, named].map(({ memory }) => memory.map(({ assumed }) => assumed)),
        [
          [
            undefined,
            "all examples were taken to be 64 tokens long, the context of the model: maxTokens names fewer",
            undefined
          ],
          [undefined, undefined, undefined]
        ]
      )
      const reward = "{ bradleyTerry: { from: policy, data: { path: fixtures/garden/preferences.jsonl } } }"
      const trained = yield* explained(
        smallPipeline
          .replace("{ rule: garden }", reward)
          .replace("batchSize: 4", "batchSize: 4\n      memoryBudget: 1MB")
      )
      assert.deepStrictEqual(
        trained.memory.map(({ phase, refused }) => [phase, refused === undefined]),
        [
          ["models/sft", false],
          ["models/reward", true],
          ["iteration-t/policy", true],
          ["baseline/policy", true]
        ]
      )
      assert.match(trained.memory[0]?.refused ?? "", /wanted at most 0\.00 GB .* what would help: LoRA/)
    }).pipe(withFiles)
)

it.effect("explain() takes the budget it is given where the settings of a phase name none", () =>
  Effect.gen(function* () {
    const text = smallPipeline.replace("train: {", "train: { memoryBudget: 2GB,")
    const compiled = yield* Effect.flatMap(readText(text), compile)
    const { memory } = yield* explain(compiled, { budget: 1e9 })
    assert.deepStrictEqual(
      memory.map(({ budget }) => budget),
      [1e9, 2e9, 2e9]
    )
  }).pipe(withFiles)
)

it.effect("formatExplanation() prints the columns between stages", () =>
  Effect.gen(function* () {
    const lines = formatExplanation(yield* explained(smallPipeline)).split("\n")
    assert.deepStrictEqual(lines.slice(0, 6), [
      "prompts                                             → promptId messages",
      "1 sample  promptId messages                         → + responses",
      "2 score   promptId messages responses               → + rewards",
      "3 pair    promptId messages responses rewards       → promptId messages chosen rejected margin",
      "train     promptId messages chosen rejected margin  → checkpoint",
      ""
    ])
  }).pipe(withFiles)
)

it.effect("explain() says what lies where data are named, by their first rows, and why where nothing can be said", () =>
  Effect.gen(function* () {
    const text = smallPipeline
      .replace("fixtures/garden/demonstrations.jsonl", "none.jsonl")
      .replace("path: fixtures/garden/validation.jsonl, limit: 4", "dataset: dibt10k")
    const { sources } = yield* explain(yield* compile(yield* readText(text)))
    assert.deepStrictEqual(sources, [
      {
        key: "models.policy.sft.data",
        found: 'Cannot read "none.jsonl": found no such file, wanted a file that exists'
      },
      { key: "prompts", found: '"fixtures/garden/prompts.jsonl": prompts, format "records", found in the first rows' },
      {
        key: "baseline.offlineDpo.data",
        found: '"fixtures/garden/preferences.jsonl": preferences, format "records", found in the first rows'
      },
      { key: "evaluate.prompts", found: '"hf:DIBT/10k_prompts_ranked": on the hub, which is not asked here' }
    ])
  }).pipe(withFiles)
)
