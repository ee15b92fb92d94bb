import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Path, Stream } from "effect"
import { hashValue } from "../../src/pipeline/store/hash.ts"
import { checkText, messageOf, smallPipeline, temporaryFile, withFiles } from "./small.ts"

const model = "fixtures/garden/model"

/** The fixture's model with one of its files changed, or removed. */
const modelWith = Effect.fnUntraced(function* (name: string, change: (text: string) => string | undefined) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const folder = join(yield* files.makeTempDirectoryScoped(), "model")
  yield* files.copy(model, folder)
  const text = change(yield* files.readFileString(join(folder, name)))
  yield* text === undefined ? files.remove(join(folder, name)) : files.writeFileString(join(folder, name), text)
  return folder
})

const contains = (found: string, ...parts: ReadonlyArray<string>) => {
  for (const part of parts) assert.include(found, part)
}

it.effect("checkInputs() reads all rows of a pipeline that is in order", () =>
  Effect.gen(function* () {
    const checked = yield* checkText(smallPipeline)
    const { demonstrations, offline, overlong, preferences, prompts, validation } = checked
    assert.deepStrictEqual(
      [prompts, validation, demonstrations, preferences, offline].map((rows) => rows.length),
      [8, 4, 8, 0, 8]
    )
    assert.strictEqual(overlong, 0)
  }).pipe(withFiles)
)

it.effect("checkInputs() lists every missing file with its line", () =>
  Effect.gen(function* () {
    const text = smallPipeline.replace("garden/prompts.jsonl", "none/a.jsonl").replace("garden/model", "none/b")
    contains(
      yield* messageOf(checkText(text)),
      'Cannot check "small": 2 problems',
      '6:15 models.policy.sft.from.random: found no folder "fixtures/none/b", wanted a Hugging Face model folder',
      '10:12 prompts: Cannot read "fixtures/none/a.jsonl": found no such file'
    )
  }).pipe(withFiles)
)

it.effect("checkInputs() gives file and line of a row that is not JSON", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile("rows.jsonl", '"fine"\n{"half":')
    const text = smallPipeline.replace("{ path: fixtures/garden/prompts.jsonl,", `{ path: ${path}, format: text,`)
    contains(yield* messageOf(checkText(text)), "10:12 prompts:", "line 2, character 9: found the end, wanted a value")
  }).pipe(withFiles)
)

it.effect("checkInputs() names an unknown model_type and the known ones", () =>
  Effect.gen(function* () {
    const folder = yield* modelWith("config.json", (text) =>
      text.replace('"model_type": "llama"', '"model_type": "mamba"')
    )
    const message = yield* messageOf(checkText(smallPipeline.replaceAll(model, folder)))
    contains(message, "6:15 models.policy.sft.from.random:", '"model_type" is "mamba", wanted one of "llama"')
  }).pipe(withFiles)
)

it.effect("checkInputs() refuses a model without a chat template", () =>
  Effect.gen(function* () {
    const folder = yield* modelWith("tokenizer_config.json", (text) => {
      const { chat_template: _, ...rest } = JSON.parse(text)
      return JSON.stringify(rest)
    })
    const message = yield* messageOf(checkText(smallPipeline.replaceAll(model, folder)))
    contains(message, `found no chat template in "${folder}"`, 'wanted "chat_template" in tokenizer_config.json')
  }).pipe(withFiles)
)

it.effect("checkInputs() refuses a model folder without weights", () =>
  Effect.gen(function* () {
    const text = smallPipeline.replace(/policy:\n[^]*?reward:/, `policy: ${model}\n  reward:`)
    contains(yield* messageOf(checkText(text)), `4:3 models.policy: found no weights in "${model}"`)
  }).pipe(withFiles)
)

const long = JSON.stringify({
  promptId: "long",
  messages: [{ role: "user", content: "name three words about the sea ".repeat(20) }]
})
const short = JSON.stringify({ promptId: "short", messages: [{ role: "user", content: "name two things" }] })

it.effect("checkInputs() refuses a prompt that leaves no room in the context, and says how to go on", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile("rows.jsonl", `${short}\n${long}`)
    const message = yield* messageOf(checkText(smallPipeline.replace("fixtures/garden/prompts.jsonl", path)))
    contains(
      message,
      '10:12 prompts: prompt "long":',
      "(64 tokens of context less 8 for the response)",
      'shorten them, or set prompts.overlong to "drop"'
    )
  }).pipe(withFiles)
)

it.effect("checkInputs() drops and counts such prompts when it is told to", () =>
  Effect.gen(function* () {
    const path = yield* temporaryFile("rows.jsonl", `${short}\n${long}`)
    const text = smallPipeline.replace("fixtures/garden/prompts.jsonl", path)
    const { overlong, prompts } = yield* checkText(text, ["prompts.overlong=drop"])
    const kept = yield* Stream.runCollect(prompts.pick(Int32Array.of(0), `${path}.tmp`))
    assert.deepStrictEqual([prompts.length, kept.map(({ promptId }) => promptId), overlong], [1, ["short"], 1])
    assert.strictEqual(prompts.hash, hashValue(kept))
  }).pipe(withFiles)
)
