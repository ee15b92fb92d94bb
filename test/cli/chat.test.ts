import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, layer } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Stream } from "effect"
import { it as test } from "vitest"
import { converse } from "../../src/cli/chat/converse.ts"
import type { Talk, TalkOptions } from "../../src/cli/chat/Talk.ts"
import { untilInterrupted } from "../../src/cli/chat/untilInterrupted.ts"
import { key } from "../../src/random/mod.ts"
import { localRollout, type Piece, Rollout } from "../../src/sampler/mod.ts"
import { Services } from "../recordings.ts"
import { command } from "./command.ts"
import { said } from "./said.ts"

const model = "fixtures/model/tied-bias-bfloat16"
const Answering = localRollout(model, { slots: 1 }).pipe(Layer.provideMerge(Services))
const options: TalkOptions = { system: undefined, temperature: 1, topP: undefined, seed: 4, maxNewTokens: 3 }

const help = "/reset begins again, /system TEXT begins again under a system prompt, /retry answers anew, /exit ends"

const word = (text: string, finish?: Piece["finish"]): Piece => ({ id: 20, text, ...(finish ? { finish } : {}) })

/** What is asked in a conversation: the prompts as text, the keys, and what it wrote and noted. */
const talked = Effect.fnUntraced(function* (lines: ReadonlyArray<string>, change: Partial<TalkOptions> = {}) {
  const real = yield* Rollout
  const left = [...lines]
  const asked: Array<string> = []
  const keys: Array<unknown> = []
  const notes: Array<string> = []
  let written = ""
  const stream: Rollout["Service"]["stream"] = (request) => {
    asked.push(real.tokenizer.decode(request.ids, { skipSpecialTokens: true }).trim())
    keys.push(request.key)
    return Stream.make(word("sea"), word(" boat", "stop"))
  }
  const talk: Talk = {
    rollout: { ...real, stream },
    next: Effect.sync(() => left.shift()),
    write: (text) => Effect.sync(() => void (written += text)),
    note: (text) => Effect.sync(() => void notes.push(text)),
    stop: Effect.never
  }
  yield* converse(talk, { ...options, ...change })
  return { asked, keys, notes, written, left }
})

layer(Answering)("converse()", (it) => {
  it.effect("answers each line with all that was said before it", () =>
    Effect.gen(function* () {
      const { asked, keys, written } = yield* talked(["goat kelp", "", "owl hay"], { system: "list" })
      const { asked: alone } = yield* talked(["goat kelp"], { system: "list" })
      assert.strictEqual(asked[0], alone[0])
      assert.match(asked[0] ?? "", /list.*goat kelp/s)
      assert.match(asked[1] ?? "", /list.*goat kelp.*sea boat.*owl hay/s)
      assert.deepStrictEqual(keys, [key(4, "chat", 1, 0), key(4, "chat", 2, 0)])
      assert.strictEqual(written, "sea boat\nsea boat\n")
    })
  )

  it.effect("answers the same question anew with another key", () =>
    Effect.gen(function* () {
      const { asked, keys } = yield* talked(["goat kelp", "/retry", "/retry"])
      assert.strictEqual(new Set(asked).size, 1)
      assert.deepStrictEqual(
        keys,
        [0, 1, 2].map((attempt) => key(4, "chat", 1, attempt))
      )
    })
  )

  it.effect("forgets at /reset and /system, and ends at /exit", () =>
    Effect.gen(function* () {
      const lines = ["goat kelp", "/reset", "owl hay", "/system list", "owl hay", "/exit", "never"]
      const { asked, left, notes } = yield* talked(lines)
      assert.notMatch(asked[1] ?? "", /goat/)
      assert.match(asked[2] ?? "", /list.*owl hay/s)
      assert.deepStrictEqual(left, ["never"])
      assert.deepStrictEqual(notes, ["A new conversation", "A new conversation under the system prompt: list"])
    })
  )

  it.effect("says what it cannot do, and goes on", () =>
    Effect.gen(function* () {
      const { asked, notes } = yield* talked(["/retry", "/sing", "/help", "boat ".repeat(80), "goat kelp"])
      assert.strictEqual(asked.length, 1)
      assert.notMatch(asked[0] ?? "", /boat/)
      assert.deepStrictEqual(notes.slice(0, 3), [
        "Cannot answer anew: found no question, wanted one before /retry",
        `Cannot do "/sing": found no such command; ${help}`,
        help
      ])
      assert.match(notes[3] ?? "", /wanted.*64.* \(\/reset begins again\)$/)
    })
  )

  it.effect("keeps what was written of an answer that is stopped", () =>
    Effect.gen(function* () {
      const real = yield* Rollout
      const asked: Array<string> = []
      const spoken = yield* Deferred.make<void>()
      const notes: Array<string> = []
      const stream: Rollout["Service"]["stream"] = (request) => {
        asked.push(real.tokenizer.decode(request.ids, { skipSpecialTokens: true }))
        return Stream.concat(Stream.make({ id: 20, text: "sea fern" }), Stream.never)
      }
      const left = ["goat kelp", "owl hay"]
      yield* converse(
        {
          rollout: { ...real, stream },
          next: Effect.sync(() => left.shift()),
          write: (text) => (text === "sea fern" ? Deferred.succeed(spoken, undefined) : Effect.void),
          note: (text) => Effect.sync(() => void notes.push(text)),
          stop: Deferred.await(spoken)
        },
        options
      )
      assert.match(asked[1] ?? "", /goat kelp.*sea fern.*owl hay/s)
      assert.deepStrictEqual(new Set(notes), new Set(["Stopped: what is written stays in the conversation"]))
    })
  )
})

layer(Layer.empty)("untilInterrupted", (it) => {
  it.effect("takes the next Ctrl-C for itself, and leaves the one after it to the program", () =>
    Effect.gen(function* () {
      const before = process.listeners("SIGINT")
      let ended = 0
      const program = () => void (ended += 1)
      process.removeAllListeners("SIGINT").on("SIGINT", program)
      const stopped = yield* Effect.forkChild(untilInterrupted)
      yield* Effect.yieldNow
      process.emit("SIGINT")
      yield* Fiber.join(stopped)
      assert.strictEqual(ended, 0)
      process.emit("SIGINT")
      assert.strictEqual(ended, 1)
      const unused = yield* Effect.forkChild(untilInterrupted)
      yield* Effect.yieldNow
      yield* Fiber.interrupt(unused)
      process.emit("SIGINT")
      assert.strictEqual(ended, 2)
      process.removeAllListeners("SIGINT")
      for (const listener of before) process.on("SIGINT", listener)
    })
  )
})

const chat = () =>
  command({
    program: "main",
    args: ["chat", "--model", model, "--max-new-tokens", "4", "--seed", "7"],
    input: "goat kelp ice\n/retry\n"
  })

describe("prefloop chat", () => {
  test("answers the lines of a pipe, the same with the same seed", { timeout: 60_000 }, async () => {
    const [first, second] = [await chat(), await chat()]
    assert.strictEqual(first.code, 0)
    assert.strictEqual(first.stdout.trimEnd().split("\n").length, 2)
    assert.deepStrictEqual(second, first)
  })

  test("says that it was given no model, in a sentence", async () => {
    const { code, stderr } = await said(["chat", "--model", "no/such"])
    assert.deepStrictEqual(
      [code, stderr],
      [2, 'Cannot open the model "no/such": found no "config.json", wanted a Hugging Face model folder\n']
    )
  })
})

test("prefloop chat refuses a model without a chat template before it asks for a line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "prefloop-chat-"))
  cpSync(model, folder, { recursive: true })
  const path = join(folder, "tokenizer_config.json")
  const { chat_template: _, ...rest } = JSON.parse(readFileSync(path, "utf8"))
  writeFileSync(path, JSON.stringify(rest))
  const { code, stderr } = await said(["chat", "--model", folder])
  rmSync(folder, { recursive: true })
  assert.deepStrictEqual(
    [code, stderr.replace(folder, "folder")],
    [
      2,
      'Cannot chat with "folder": found no chat template, wanted "chat_template" in tokenizer_config.json or a file chat_template.jinja\n'
    ]
  )
})
