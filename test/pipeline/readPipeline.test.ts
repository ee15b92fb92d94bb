import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { readPipeline } from "../../src/pipeline/mod.ts"
import { messageOf, readText, smallPipeline, withFiles } from "./small.ts"

const keys =
  "name, seed, iterations, arguments, models, sampler, decode, prompts, stages, train, baseline, evaluate, select, batchSizes"

const refuses = (text: string, message: string, assignments: ReadonlyArray<string> = []) =>
  Effect.map(messageOf(readText(text, assignments)), (found) => assert.strictEqual(found, message)).pipe(withFiles)

it.effect("readPipeline() fills in the paper's numbers, §3.3", () =>
  Effect.gen(function* () {
    const text = `name: paper
models: { policy: a, reward: b }
prompts: { path: c }
stages: [ { sample: {} }, { score: {} }, { pair: {} } ]
evaluate: { prompts: d }
`
    const { file } = yield* readText(text)
    assert.deepStrictEqual(JSON.parse(JSON.stringify(file)), {
      name: "paper",
      seed: 0,
      iterations: 3,
      arguments: {},
      models: { policy: "a", reference: "initial", reward: "b", preference: { bradleyTerry: {} } },
      prompts: { path: "c", perIteration: 20_000, overlong: "error" },
      stages: [
        { sample: { temperatures: [1, 0.7], perTemperature: 4, maxNewTokens: 2048 } },
        { score: { lengthPenalty: 0 } },
        {
          pair: {
            rule: "bestWorst",
            among: "all",
            dropIdentical: true,
            lengthPenalty: 0,
            legacyOrder: false,
            minimumMargin: 0
          }
        }
      ],
      train: {
        loss: { dpo: { klCoefficient: 0.1, labelSmoothing: 0, divergence: "reverseKl" } },
        optimizer: { adamW: { learningRate: 5e-7, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } },
        schedule: { cosine: { warmup: 0.03 } },
        batchSize: 128,
        microBatchSize: 8,
        epochs: 2,
        lengthPolicy: "error",
        maxGradientNorm: 1,
        saveEvery: 100
      },
      evaluate: { prompts: "d", responses: 1, temperature: 1 },
      select: { best: "proxyReward" },
      decode: { weights: "float32", cache: "float32" },
      batchSizes: { stage: 64, sample: 64, score: 32 }
    })
  }).pipe(withFiles)
)

it.effect("readPipeline() names a missing file", () =>
  Effect.gen(function* () {
    assert.strictEqual(
      yield* messageOf(readPipeline("nowhere.yaml")),
      'Cannot read "nowhere.yaml": found no such file, wanted a pipeline file in YAML'
    )
  }).pipe(withFiles)
)

it.effect("readPipeline() gives line and column of text that is not YAML", () =>
  refuses(
    "name: x\nstages: [ a",
    'Cannot read "small.yaml": 2:12 is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'
  )
)

it.effect("readPipeline() gives line, key and nearest names of an unknown key", () =>
  refuses(
    `${smallPipeline}iteratons: 3\n`,
    `Cannot read "small.yaml": 19:1 iteratons: unknown key, did you mean "iterations"? (known: ${keys})`
  )
)

it.effect("readPipeline() lists every problem, in a stage and below it too", () =>
  refuses(
    smallPipeline
      .replace("score:", "scoer:")
      .replace("perTemperature", "perTemprature")
      .replace("batchSize: 2", 'batchSize: "2"')
      .replace("rule: garden", "rule: gardn"),
    [
      'Cannot read "small.yaml": 4 problems',
      '  9:13 models.reward.rule: unknown value "gardn", did you mean "garden"? (known: garden)',
      '  12:36 stages.0.sample.perTemprature: unknown key, did you mean "perTemperature"? (known: temperatures, perTemperature, maxNewTokens, topK, topP, minP, repetitionPenalty, stop, logProbabilities)',
      '  13:5 stages.1.scoer: unknown key, did you mean "score"? (known: sample, sampleReference, score, pair, judge, filter)',
      '  15:10 train.batchSize: expected number, got "2"'
    ].join("\n")
  )
)

it.effect("readPipeline() lists the formats that there are for weights and cache", () =>
  refuses(
    `${smallPipeline}\ndecode: { weights: int2, cache: int4 }\n`,
    [
      'Cannot read "small.yaml": 2 problems',
      '  20:11 decode.weights: unknown value "int2", did you mean "int8" or "int4"? (known: float32, float16, int8, int4)',
      '  20:26 decode.cache: unknown value "int4", did you mean "int8"? (known: float32, float16, int8)'
    ].join("\n")
  )
)

it.effect("readPipeline() gives the place above a missing key", () =>
  refuses(
    smallPipeline.replace("prompts: { path: fixtures/garden/validation.jsonl, limit: 4 }, ", ""),
    'Cannot read "small.yaml": 17:1 evaluate.prompts: is missing'
  )
)

it.effect("readPipeline() refuses two choices where one is wanted", () =>
  refuses(
    smallPipeline.replace("rule: garden }", "rule: garden, bradleyTerry: { from: policy, data: x } }"),
    'Cannot read "small.yaml": 9:3 models.reward: expected exactly one of the keys rule, bradleyTerry, remote, ensemble'
  )
)

it.effect("readPipeline() fills arguments in, whole strings with their type", () =>
  Effect.gen(function* () {
    const text = smallPipeline
      .replace("iterations: 2", 'arguments: { rounds: 5, folder: garden }\niterations: "${rounds}"')
      .replace("fixtures/garden/prompts.jsonl", '"fixtures/${folder}/prompts.jsonl"')
    const { file } = yield* readText(text)
    assert.deepStrictEqual([file.iterations, file.prompts.path], [5, "fixtures/garden/prompts.jsonl"])
    const replaced = yield* readText(text, ["rounds=7", "folder=forest"])
    assert.deepStrictEqual([replaced.file.iterations, replaced.file.prompts.path], [7, "fixtures/forest/prompts.jsonl"])
  }).pipe(withFiles)
)

it.effect("readPipeline() names an unknown argument and its neighbours", () =>
  refuses(
    smallPipeline.replace("iterations: 2", 'arguments: { rounds: 5 }\niterations: "${round}"'),
    'Cannot read "small.yaml": 3:1 iterations: unknown argument "round", did you mean "rounds"? (known: rounds)'
  )
)

it.effect("--set replaces keys by dotted path and keeps YAML types", () =>
  Effect.gen(function* () {
    const { file } = yield* readText(smallPipeline, [
      "seed=4",
      "stages.0.sample.temperatures=[0.5, 2]",
      "models.reward=some/folder",
      "train.lengthPolicy=drop"
    ])
    assert.deepStrictEqual(
      [file.seed, file.stages[0]?.sample?.temperatures, file.models.reward, file.train.lengthPolicy],
      [4, [0.5, 2], "some/folder", "drop"]
    )
  }).pipe(withFiles)
)

it.effect("--set refuses an unknown name with the nearest ones", () =>
  refuses(
    smallPipeline,
    `Cannot read "small.yaml": --set sed=1 unknown name "sed", did you mean "seed"? (known: ${keys})`,
    ["sed=1"]
  )
)

it.effect("--set of a wrong value is reported as the flag, not as a line of the file", () =>
  refuses(smallPipeline, 'Cannot read "small.yaml": --set iterations=none iterations: expected number, got "none"', [
    "iterations=none"
  ])
)

it.effect("--set refuses a key below a value, and what has no =", () =>
  refuses(
    smallPipeline,
    'Cannot read "small.yaml": 2 problems\n  --set name.x=3 found "small" above "x", wanted an object there\n  --set found "seed", wanted key=value',
    ["name.x=3", "seed"]
  )
)

it.effect("a value with two faults is one problem", () =>
  refuses(smallPipeline, 'Cannot read "small.yaml": --set seed=1e30 seed: expected an integer, got 1e+30', [
    "seed=1e30"
  ])
)

it.effect("readPipeline() says what lies where the file should be", () =>
  Effect.map(messageOf(readPipeline("pipelines")), (found) =>
    assert.strictEqual(found, 'Cannot read "pipelines": found a folder, wanted a pipeline file in YAML')
  ).pipe(withFiles)
)

it.effect("--set refuses an item that is not there", () =>
  refuses(
    smallPipeline,
    'Cannot read "small.yaml": --set stages.9.pair.rule=x no item of that number, known: 0, 1, 2',
    ["stages.9.pair.rule=x"]
  )
)
