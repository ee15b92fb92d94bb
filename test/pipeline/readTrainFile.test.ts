import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { checkTraining, readTrainFile, type Written } from "../../src/pipeline/mod.ts"
import { messageOf, temporaryFile, withFiles } from "./small.ts"

const model = "fixtures/model/untied-scaled-sharded"
const data = "fixtures/garden/preferences.jsonl"

const text = `arguments: { folder: ${model} }
train:
  model: \${folder}
  data: ${data}
  loss: { dpo: {} }
  into: nowhere/dpo
`

const readText = Effect.fnUntraced(function* (written: string, assignments: ReadonlyArray<string> = []) {
  return yield* readTrainFile({ path: yield* temporaryFile("small.yaml", written), assignments })
})

const flag = (name: string, path: ReadonlyArray<string>, value: unknown): Written => ({
  flag: name,
  path: () => path,
  value
})

const refuses = (written: string, message: string, assignments: ReadonlyArray<string> = []) =>
  Effect.map(messageOf(readText(written, assignments)), (found) => assert.strictEqual(found, message)).pipe(withFiles)

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

it.effect("readTrainFile() fills in the paper's numbers of a policy's loss, §3.3", () =>
  Effect.gen(function* () {
    const { phase } = yield* readText(text)
    assert.deepStrictEqual(plain(phase), {
      model,
      data,
      loss: { dpo: { klCoefficient: 0.1, labelSmoothing: 0, divergence: "reverseKl" } },
      into: "nowhere/dpo",
      turns: "all",
      optimizer: { adamW: { learningRate: 5e-7, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } },
      schedule: { cosine: { warmup: 0.03 } },
      batchSize: 128,
      microBatchSize: 8,
      epochs: 2,
      lengthPolicy: "error",
      maxGradientNorm: 1,
      saveEvery: 100,
      seed: 0
    })
  }).pipe(withFiles)
)

const papers = [
  ["sft", 2e-5, 32, 1],
  ["bradleyTerry", 2e-6, 512, 1],
  ["ipo", 5e-7, 128, 2]
] as const

it.effect.each(papers)("readTrainFile() gives %s the paper's rate, batch and passes", ([loss, rate, batch, epochs]) =>
  Effect.gen(function* () {
    const { phase } = yield* readText(text.replace("dpo: {}", `${loss}: {}`))
    assert.deepStrictEqual([phase.optimizer.adamW?.learningRate, phase.batchSize, phase.epochs].map(Number), [
      rate,
      batch,
      epochs
    ])
  }).pipe(withFiles)
)

it.effect("readTrainFile() gives an adapter its numbers, and memory in bytes", () =>
  Effect.gen(function* () {
    const keys = [
      "lora={ targets: [q_proj] }",
      "memoryBudget=1.5GiB",
      "blockLength=32",
      "heldOut.data=x",
      "afterEnd=learn"
    ]
    const { phase } = yield* readText(text, keys)
    assert.deepStrictEqual(plain([phase.lora, phase.memoryBudget, phase.blockLength, phase.heldOut, phase.afterEnd]), [
      { rank: 16, alpha: 32, targets: ["q_proj"], rankStabilized: false, merge: false },
      1_610_612_736,
      32,
      { data: "x", every: 50 },
      "learn"
    ])
    const { phase: other } = yield* readText(text, ["memoryBudget=4GB"])
    assert.strictEqual(other.memoryBudget, 4_000_000_000)
  }).pipe(withFiles)
)

it.effect("readTrainFile() gives line, key and nearest names of an unknown loss", () =>
  refuses(
    text.replace("dpo: {}", "simpoo: {}"),
    'Cannot read "small.yaml": 5:11 train.loss.simpoo: unknown key, did you mean "simpo"? (known: sft, preferenceModel, dpo, robust, hinge, ipo, exo, nca, bco, sppoHard, aot, aotUnpaired, apoZero, apoDown, discopop, lengthNormalizedDpo, revKl, kl, tv, hellinger, simpo, cpo, orpo, raft, nll, crossEntropy, xpo, selm, vpo, kto, apoZeroUnpaired, bcoUnpaired, bradleyTerry, mixture)'
  )
)

it.effect("readTrainFile() refuses label smoothing of a loss without it, and names its keys", () =>
  refuses(
    text.replace("dpo: {}", "kto: { labelSmoothing: 0.1 }"),
    'Cannot read "small.yaml": 5:18 train.loss.kto.labelSmoothing: unknown key, known: klCoefficient, desirableWeight, undesirableWeight'
  )
)

it.effect("readTrainFile() refuses memory without a unit it knows", () =>
  refuses(
    text,
    'Cannot read "small.yaml": --set memoryBudget=4gb train.memoryBudget: expected a number of bytes, or one with a unit: B, KB, MB, GB, KiB, MiB, GiB',
    ["memoryBudget=4gb"]
  )
)

it.effect("--set of a training takes a key below train by its own name, an argument first", () =>
  Effect.gen(function* () {
    const { phase } = yield* readText(text, [
      "folder=other",
      "batchSize=4",
      "train.epochs=3",
      "loss.dpo.klCoefficient=1"
    ])
    assert.deepStrictEqual([phase.model, Number(phase.batchSize), Number(phase.epochs)], ["other", 4, 3])
    assert.nestedInclude(phase.loss, { "dpo.klCoefficient": 1 })
  }).pipe(withFiles)
)

it.effect("--set of a training refuses an unknown name with the nearest ones", () =>
  Effect.map(messageOf(readText(text, ["bathSize=4"])), (found) =>
    assert.match(
      found,
      /^Cannot read "small\.yaml": --set bathSize=4 unknown name "bathSize", did you mean "batchSize"/
    )
  ).pipe(withFiles)
)

it.effect("readTrainFile() reads flags without a file, and over one; a wrong value is told of its flag", () =>
  Effect.gen(function* () {
    const flags = [
      flag("--loss", ["loss"], { ipo: {} }),
      flag("--model", ["model"], model),
      flag("--data", ["data", "path"], data),
      flag("--into", ["into"], "x")
    ]
    const { phase, what } = yield* readTrainFile({ path: undefined, flags })
    assert.deepStrictEqual([what, phase.model, Object.keys(phase.loss)], ["the command line", model, ["ipo"]])
    const path = yield* temporaryFile("small.yaml", text)
    const over = yield* readTrainFile({ path, flags: [flag("--into", ["into"], "y")] })
    assert.deepStrictEqual([over.phase.into, Object.keys(over.phase.loss)], ["y", ["dpo"]])
    const wrong = readTrainFile({ path, flags: [flag("--batch-size", ["batchSize"], 0)] })
    assert.strictEqual(
      yield* messageOf(wrong),
      'Cannot read "small.yaml": --batch-size train.batchSize: expected a value greater than or equal to 1, got 0'
    )
  }).pipe(withFiles)
)

it.effect("readTrainFile() leaves data its path where a flag says more of it", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile("small.yaml", text)
    const { phase } = yield* readTrainFile({ path, flags: [flag("--limit", ["data", "limit"], 3)] })
    assert.deepStrictEqual(phase.data, { path: data, limit: 3 })
  }).pipe(withFiles)
)

it.effect("checkTraining() tells a file that is not there of the flag that named it", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile("small.yaml", text)
    const written = yield* readTrainFile({ path, flags: [flag("--data", ["data", "path"], "none.jsonl")] })
    assert.include(
      yield* messageOf(checkTraining(written)),
      '"small.yaml": --data train.data: Cannot read "none.jsonl"'
    )
  }).pipe(withFiles)
)

it.effect("checkTraining() lists every model, file and layer that is not there, and a folder that is", () =>
  Effect.gen(function* () {
    const sets = ["reference=nowhere", "data=none.jsonl", "lora.targets=[q_prj]", `into=${model}`]
    const written = yield* readText(text, sets)
    assert.strictEqual(
      (yield* messageOf(checkTraining(written))).split("\n").slice(1).join("\n"),
      [
        '  --set reference=nowhere train.reference: found no folder "nowhere", wanted a Hugging Face model folder',
        '  --set lora.targets=[q_prj] train.lora.targets.0: the model has no layer "q_prj", did you mean "q_proj" or "k_proj" or "v_proj"? (known: q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj)',
        '  --set data=none.jsonl train.data: Cannot read "none.jsonl": found no such file, wanted a file that exists',
        `  --set into=${model} train.into: "${model}" is there already; move or remove it, or name another folder`
      ].join("\n")
    )
  }).pipe(withFiles)
)
