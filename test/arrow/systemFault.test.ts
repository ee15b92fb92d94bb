import { assert, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem } from "effect"
import { systemFault } from "../../src/arrow/mod.ts"

type Files = FileSystem.FileSystem

const cases: ReadonlyArray<readonly [string, (files: Files) => Effect.Effect<unknown, unknown>, string]> = [
  ["a folder that is read", (files) => files.readFileString("src"), "found a folder"],
  ["a file below a file", (files) => files.readFileString("README.md/x"), "found a file in the place of a folder"],
  ["a folder over a file", (files) => files.makeDirectory("README.md"), "found a file in the place of a folder"],
  ["what has no code", () => Effect.fail(new Error("found rust, wanted iron")), "found rust, wanted iron"]
]

it.effect.each(cases)("systemFault() says of %s what is there", ([, attempt, words]) =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(attempt(yield* FileSystem.FileSystem))
    assert.strictEqual(systemFault(error), words)
  }).pipe(Effect.provide(NodeServices.layer))
)
