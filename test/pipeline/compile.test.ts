import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { compile } from "../../src/pipeline/mod.ts"
import { messageOf, readText, smallPipeline, withFiles } from "./small.ts"

const refuses = (text: string, message: string) =>
  Effect.gen(function* () {
    assert.strictEqual(yield* messageOf(Effect.flatMap(readText(text), compile)), message)
  }).pipe(withFiles)

it.effect("compile() gives the columns before and after each stage", () =>
  Effect.gen(function* () {
    const { stages } = yield* compile(yield* readText(smallPipeline))
    assert.deepStrictEqual(
      stages.map(({ after, before, name }) => [name, before.join(" "), after.join(" ")]),
      [
        ["sample", "promptId messages", "promptId messages responses"],
        ["score", "promptId messages responses", "promptId messages responses rewards"],
        ["pair", "promptId messages responses rewards", "promptId messages chosen rejected margin"]
      ]
    )
  }).pipe(withFiles)
)

it.effect("compile() refuses a pair before its rewards", () =>
  refuses(
    smallPipeline.replace("  - score: {}\n", ""),
    'Cannot compile "small": stage 2 "pair" needs column "rewards", stage 1 "sample" gives promptId, messages, responses (13:5)'
  )
)

it.effect("compile() lists every misfit of a wrong order, and of training", () =>
  refuses(
    smallPipeline.replace(/stages:[^]*?train:/, "stages:\n  - score: {}\n  - sample: {}\ntrain:"),
    [
      'Cannot compile "small": 2 problems',
      '  12:5 stage 1 "score" needs column "responses", the prompts file gives promptId, messages',
      '  11:1 train needs columns "chosen", "rejected", "margin", stage 2 "sample" gives promptId, messages, responses'
    ].join("\n")
  )
)

it.effect("compile() refuses a pair of the only response of a prompt", () =>
  refuses(
    smallPipeline.replace("perTemperature: 4", "perTemperature: 1"),
    'Cannot compile "small": stage 3 "pair" needs two responses of each prompt, the stages before it draw 1 (14:5)'
  )
)

it.effect("compile() refuses to select by a gold reward that nothing gives", () =>
  refuses(
    smallPipeline.replace(", gold: garden", ""),
    'Cannot compile "small": select.best is "goldReward" and evaluate has no key "gold", wanted the name of a rule there (18:11)'
  )
)
