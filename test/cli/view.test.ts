import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock, TestConsole } from "effect/testing"
import { progress } from "../../src/cli/progress/mod.ts"
import { barLine, duration, endedLine, runningLine, type View } from "../../src/cli/progress/View.ts"
import { Progress } from "../../src/pipeline/mod.ts"

const view: View = { phase: { name: "sample", total: 64, unit: "rows" }, done: 16, seconds: 8, detail: "loss 0.5" }

it("duration() speaks in seconds, minutes and hours", () => {
  assert.deepStrictEqual([0.4, 59.4, 61, 3600 + 65].map(duration), ["0 s", "59 s", "1 min 1 s", "1 h 1 min"])
})

it("runningLine() gives the rate and the time left", () => {
  // 16 in 8 s is 2 a second; the other 48 take 24 s.
  assert.strictEqual(runningLine(view), "sample: 16 of 64 rows, 2.00 rows/s, 24 s left, loss 0.5")
  assert.strictEqual(runningLine({ ...view, done: 0 }), "sample: 0 of 64 rows, loss 0.5")
})

it("endedLine() says whether a phase came to its end", () => {
  assert.strictEqual(endedLine({ ...view, done: 64 }), "sample: 64 rows in 8 s, loss 0.5")
  assert.strictEqual(endedLine(view), "sample: 16 of 64 rows in 8 s, loss 0.5")
})

it("barLine() fits the terminal", () => {
  assert.strictEqual(barLine(view, 70), "sample ███░░░░░░░ 16/64 2.00 rows/s, 24 s left, loss 0.5")
  assert.strictEqual(barLine(view, 30).length, 29)
})

it.effect("progress.lines writes a line every five seconds and one at the end", () =>
  Effect.gen(function* () {
    yield* Effect.gen(function* () {
      const advance = yield* (yield* Progress).phase({ name: "train", total: 4, unit: "steps" })
      yield* advance(2)
      yield* TestClock.adjust("6 seconds")
      yield* advance(2, "loss 0.1")
    }).pipe(Effect.scoped)
    assert.deepStrictEqual(yield* TestConsole.errorLines, [
      "train: 2 of 4 steps, 0.40 steps/s, 5 s left",
      "train: 4 steps in 6 s, loss 0.1"
    ])
  }).pipe(Effect.provide(progress.lines))
)

it.effect("progress counts parts, and shows whole ones", () =>
  Effect.gen(function* () {
    yield* Effect.gen(function* () {
      const advance = yield* (yield* Progress).phase({ name: "score", total: 1, unit: "rows" })
      yield* advance(0.7)
      yield* TestClock.adjust("6 seconds")
      yield* advance(0.1)
      yield* advance(0.2) // 0.7 + 0.1 + 0.2 is less than 1 in floating point
    }).pipe(Effect.scoped)
    assert.deepStrictEqual(yield* TestConsole.errorLines, ["score: 0 of 1 rows", "score: 1 rows in 6 s"])
  }).pipe(Effect.provide(progress.lines))
)

it.effect("progress.events writes JSON objects on stdout", () =>
  Effect.gen(function* () {
    const { note, phase } = yield* Progress
    yield* Effect.scoped(Effect.flatMap(phase({ name: "train", total: 1, unit: "steps" }), (advance) => advance(1)))
    yield* note("done")
    assert.deepStrictEqual(
      (yield* TestConsole.logLines).map((line): unknown => JSON.parse(String(line))),
      [
        { event: "begin", phase: "train", total: 1, unit: "steps" },
        { event: "end", phase: "train", done: 1, total: 1, unit: "steps", seconds: 0, detail: "" },
        { event: "note", text: "done" }
      ]
    )
  }).pipe(Effect.provide(progress.events))
)
