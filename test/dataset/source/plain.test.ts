import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Message } from "../../../schemas/mod.ts"
import { datasets } from "../../../src/dataset/mod.ts"
import { fixture, readAll, rowsOf } from "./readFixture.ts"

const user = (content: string): Message => ({ role: "user", content })
const assistant = (content: string): Message => ({ role: "assistant", content })
const system = (content: string): Message => ({ role: "system", content })

const demonstrations = {
  shareGpt: [["file:1", [user("Hi"), assistant("Hello"), user("Bye")], "Goodbye"]],
  evolInstruct: [["file:1", [user("Sort")], "sorted()"]],
  slimOrca: [["file:1", [system("Think"), user("Q")], "A"]],
  mathInstruct: [["file:1", [user("1+2?")], "3"]],
  magicoderEvolInstruct: [["file:1", [user("Print 1")], "print(1)"]],
  gpt4Llm: [
    ["file:1", [user("Add\n\n1, 2")], "3"],
    ["file:2", [user("Greet")], "Hi"]
  ],
  orcaMath: [["file:1", [user("2 apples and 3?")], "5"]],
  gpTeacher: [["file:1", [user("Double\n\n4")], "8"]],
  ultraInteractSft: [["file:1", [user("Print 2")], "print(2)"]]
} as const

const prompts = {
  ultraFeedbackPrompts: [["file:1", [user("Name a prime")]]],
  helpSteerPrompts: [["file:1", [user("Why?")]]],
  openOrcaPrompts: [
    ["niv.1", [system("Be brief"), user("Q")]],
    ["flan.2", [user("R")]]
  ],
  ultraInteractPrompts: [["file:1", [user("2*3?")]]],
  capybaraPrompts: [["file:1", [user("Hi"), assistant("Hello"), user("Bye")]]],
  dibt10k: [["file:1", [user("Write a poem")]]]
} as const

/** ShareGPT's second conversation has no user, its third no turn. */
const dropped: Readonly<Record<string, Readonly<Record<string, number>>>> = { shareGpt: { noResponse: 2 } }

it.effect("readSource() gives the demonstrations of every set of the SFT list", () =>
  Effect.gen(function* () {
    for (const [name, source] of Object.entries(datasets)) {
      if (source.kind !== "demonstrations") continue
      const { counts, records } = yield* readAll(name, source, rowsOf(fixture(name)))
      const found = records.map(({ messages, promptId, response }) => [promptId, messages, response])
      assert.deepStrictEqual<unknown>(found, Reflect.get(demonstrations, name), name)
      assert.deepStrictEqual(counts.dropped, dropped[name] ?? {}, name)
    }
  })
)

it.effect("readSource() gives the prompts of every set of the prompt collection", () =>
  Effect.gen(function* () {
    for (const [name, source] of Object.entries(datasets)) {
      if (source.kind !== "prompts") continue
      const { counts, records } = yield* readAll(name, source, rowsOf(fixture(name)))
      const found = records.map(({ messages, promptId }) => [promptId, messages])
      assert.deepStrictEqual<unknown>(found, Reflect.get(prompts, name), name)
      assert.deepStrictEqual(counts.dropped, {}, name)
    }
  })
)

it("every set of both kinds has its fixture rows worked out here", () => {
  assert.deepStrictEqual(
    [...Object.keys(demonstrations), ...Object.keys(prompts)],
    Object.entries(datasets).flatMap(([name, { kind }]) => (kind === "preferences" ? [] : [name]))
  )
})
