import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { lines } from "../../src/arrow/lines.ts"

/** The lines of some pieces of text, in their order, and what the stream failed with. */
const linesOf = (pieces: ReadonlyArray<string>, end: Stream.Stream<Uint8Array, string> = Stream.empty) =>
  Effect.gen(function* () {
    const found: Array<readonly [number, number, string]> = []
    const bytes = Stream.concat(Stream.fromIterable(pieces.map((piece) => Buffer.from(piece))), end)
    const told = Stream.runForEach(lines(bytes), (line) =>
      Effect.sync(() => void found.push([line.number, line.offset, Buffer.from(line.bytes).toString()]))
    )
    const failure = yield* Effect.match(told, { onSuccess: () => undefined, onFailure: (error) => error })
    return { found, failure }
  })

describe("lines()", () => {
  const complete: ReadonlyArray<readonly [number, number, string]> = [
    [1, 0, "ab"],
    [2, 3, ""],
    [3, 4, "c"]
  ]

  it.effect("gives lines whatever pieces they come in, the last one with or without its break", () =>
    Effect.gen(function* () {
      for (const pieces of [["ab\n\nc"], ["a", "b\n", "\n", "c\n"]])
        assert.deepStrictEqual(yield* linesOf(pieces), { found: [...complete], failure: undefined })
    })
  )

  it.effect("gives no part of a line where the bytes fail", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* linesOf(["ab\n\n", "c"], Stream.fail("cut")), {
        found: complete.slice(0, 2),
        failure: "cut"
      })
    })
  )
})
