import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import type { Judgement } from "../../../schemas/mod.ts"
import {
  annotatorAgreement,
  type Choice,
  forgotten,
  majority,
  makeDesk,
  openLabels,
  shownOrder,
  verdictOf
} from "../../../src/judge/person/mod.ts"
import { withFile } from "../../arrow/temporary.ts"
import { deskOf, pair } from "./pairs.ts"

/** What an annotator has to say so that the verdict is this one. */
const choiceFor = (verdict: "first" | "second", annotator: string, pairId: string): Choice =>
  verdictOf("upper", shownOrder(0, annotator, pairId)) === verdict ? "upper" : "lower"

const said = (annotator: string, pairId: string, verdict: "first" | "second") => ({
  annotator,
  pairId,
  choice: choiceFor(verdict, annotator, pairId)
})

const judgement = (pairId: string, annotator: string, verdict: Judgement["verdict"]): Judgement => ({
  ...pair(pairId),
  annotator,
  shown: "firstSecond",
  verdict
})

describe("shownOrder()", () => {
  it("is the same whenever it is asked, and about as often one as the other", () => {
    const orders = Array.from({ length: 1000 }, (_, i) => shownOrder(0, "ann", `p${i}`))
    const up = orders.filter((order) => order === "firstSecond").length
    // 1000 fair coins: standard deviation 16; five of them
    assert.isAtMost(Math.abs(up - 500), 80)
    assert.strictEqual(shownOrder(0, "ann", "p3"), orders[3])
    const bens = Array.from({ length: 1000 }, (_, i) => shownOrder(0, "ben", `p${i}`))
    assert.isAtMost(Math.abs(bens.filter((order, i) => order === orders[i]).length - 500), 80)
  })
})

describe("verdictOf()", () => {
  it("names the response as the pair does", () => {
    assert.deepStrictEqual(
      (["upper", "lower", "tie"] as const).map((choice) => [
        verdictOf(choice, "firstSecond"),
        verdictOf(choice, "secondFirst")
      ]),
      [
        ["first", "second"],
        ["second", "first"],
        ["tie", "tie"]
      ]
    )
  })
})

const upper = (id: string) => (shownOrder(0, "ann", id) === "firstSecond" ? `${id} one` : `${id} two`)

const lower = (id: string) => (shownOrder(0, "ann", id) === "firstSecond" ? `${id} two` : `${id} one`)

const shown = (id: string) => ({
  pairId: id,
  messages: [{ role: "user" as const, content: `${id}?` }],
  upper: upper(id),
  lower: lower(id)
})

describe("makeDesk()", () => {
  it.effect("shows pairs one after the other, in the order drawn for the annotator", () =>
    Effect.gen(function* () {
      const desk = yield* deskOf(["ann"], [pair("a"), pair("b")])
      const base = { annotator: "ann", total: 2 }
      assert.deepStrictEqual(yield* desk.view("ann"), { ...base, done: 0, canUndo: false, pair: shown("a") })
      const next = yield* desk.judge(said("ann", "a", "first"))
      assert.deepStrictEqual(next, { ...base, done: 1, canUndo: true, pair: shown("b") })
      assert.deepStrictEqual(yield* desk.judge(said("ann", "b", "second")), { ...base, done: 2, canUndo: true })
    })
  )

  it.effect("keeps what was said, how it was shown, and the seconds it took", () =>
    Effect.gen(function* () {
      const desk = yield* deskOf(["ann"], [pair("a")])
      yield* TestClock.adjust("7 seconds")
      yield* desk.view("ann")
      yield* TestClock.adjust("1500 millis")
      yield* desk.view("ann") // the page was loaded again: the pair has been there for a while
      yield* TestClock.adjust("1 second")
      yield* desk.judge(said("ann", "a", "second"))
      const expected: Judgement = {
        ...pair("a"),
        annotator: "ann",
        shown: shownOrder(0, "ann", "a"),
        verdict: "second",
        seconds: 2.5
      }
      assert.deepStrictEqual((yield* desk.ledger).judgements, [expected])
    })
  )

  it.effect("takes back the annotator's own last verdict, and nobody else's", () =>
    Effect.gen(function* () {
      const desk = yield* deskOf(["ann", "ben"], [pair("a"), pair("b")])
      yield* desk.judge(said("ann", "a", "first"))
      yield* desk.judge(said("ben", "a", "first"))
      const view = yield* desk.undo("ann")
      assert.deepStrictEqual([view.pair?.pairId, view.done, view.canUndo], ["a", 0, false])
      const left = (yield* desk.ledger).judgements.map(({ annotator, pairId }) => [annotator, pairId])
      assert.deepStrictEqual(left, [["ben", "a"]])
      assert.strictEqual((yield* desk.undo("ann")).done, 0) // nothing left to take back
    })
  )

  it.effect("refuses a stranger, and a verdict about a pair that is not shown", () =>
    Effect.gen(function* () {
      const desk = yield* deskOf(["ann"], [pair("a"), pair("b")])
      const stranger = yield* Effect.flip(desk.view("eve"))
      assert.strictEqual(stranger.message, 'Cannot take a verdict: annotator "eve", wanted one of "ann"')
      yield* desk.judge(said("ann", "a", "first"))
      const twice = yield* Effect.flip(desk.judge(said("ann", "a", "first")))
      assert.strictEqual(twice.message, 'Cannot take a verdict: a verdict about pair "a", wanted one about "b"')
      assert.strictEqual((yield* desk.ledger).judgements.length, 1)
    })
  )

  it.effect("changes nothing when a verdict cannot be saved", () =>
    Effect.gen(function* () {
      const full = { ...forgotten, save: () => Effect.die("disk full") }
      const desk = yield* makeDesk({ annotators: ["ann"], seed: 0, pairs: [pair("a")], labels: full })
      yield* Effect.exit(desk.judge(said("ann", "a", "first")))
      assert.deepStrictEqual((yield* desk.ledger).judgements, [])
      assert.strictEqual((yield* desk.view("ann")).pair?.pairId, "a")
    })
  )

  it.effect("decides pairs when every annotator has judged them, and lets nobody take that back", () =>
    Effect.gen(function* () {
      const desk = yield* deskOf(["ann", "ben"], [])
      const deciding = yield* Effect.forkChild(desk.decide([pair("a")]), { startImmediately: true })
      assert.strictEqual((yield* desk.view("ann")).pair?.pairId, "a")
      yield* desk.judge(said("ann", "a", "first"))
      assert.isUndefined(deciding.pollUnsafe())
      yield* desk.judge(said("ben", "a", "second"))
      const found = yield* Fiber.join(deciding)
      assert.deepStrictEqual(
        found.map(({ annotator, verdict }) => [annotator, verdict]),
        [
          ["ann", "first"],
          ["ben", "second"]
        ]
      )
      const after = yield* desk.undo("ann")
      assert.deepStrictEqual([after.total, after.canUndo], [0, false])
      assert.strictEqual((yield* desk.decide([pair("a")])).length, 2) // not asked again
    })
  )

  it.effect("decides by what its own annotators said of the pairs that are asked about", () =>
    Effect.gen(function* () {
      const judgements = [judgement("a", "eve", "second"), judgement("a", "ann", "first"), judgement("b", "ann", "tie")]
      const desk = yield* makeDesk({ annotators: ["ann"], seed: 0, pairs: [], labels: { ...forgotten, judgements } })
      assert.deepStrictEqual(yield* desk.decide([pair("a")]), judgements.slice(1, 2))
    })
  )
})

const open = (path: string) =>
  Effect.flatMap(openLabels(path), (labels) =>
    makeDesk({ annotators: ["ann", "ben"], seed: 0, pairs: [pair("a"), pair("b"), pair("c")], labels })
  )

describe("openLabels()", () => {
  it.effect("goes on where each annotator stopped; what was taken back stays so, and can be taken back later too", () =>
    withFile("labels.arrow", (path) =>
      Effect.gen(function* () {
        yield* Effect.scoped(
          Effect.gen(function* () {
            const desk = yield* open(path)
            yield* desk.judge(said("ann", "a", "first"))
            yield* desk.judge(said("ben", "a", "second"))
            yield* desk.judge(said("ann", "b", "first"))
            yield* desk.judge(said("ann", "c", "first"))
            yield* desk.undo("ann")
          })
        )
        const again = yield* open(path)
        const views = yield* Effect.forEach(["ann", "ben"], again.view)
        assert.deepStrictEqual(
          views.map((view) => [view.pair?.pairId, view.done]),
          [
            ["c", 2],
            ["b", 1]
          ]
        )
        assert.strictEqual((yield* again.undo("ann")).pair?.pairId, "b")
      })
    )
  )

  it.effect("keeps a second process off, and takes over from one that is gone", () =>
    withFile("labels.arrow", (path) =>
      Effect.gen(function* () {
        const error = yield* openLabels(path).pipe(Effect.andThen(openLabels(path)), Effect.scoped, Effect.flip)
        assert.include(error.message, `process ${process.pid} has the labels open`)
        const { writeFileSync } = yield* Effect.promise(() => import("node:fs"))
        writeFileSync(`${path}.lock`, "4194305") // above the largest process id of Linux
        assert.deepStrictEqual((yield* Effect.scoped(openLabels(path))).judgements, [])
      })
    ).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("refuses a file that is no Arrow file", () =>
    withFile("labels.arrow", (path) =>
      Effect.gen(function* () {
        const { writeFileSync } = yield* Effect.promise(() => import("node:fs"))
        writeFileSync(path, "not labels, and long enough to hold two magics and a footer")
        const error = yield* Effect.flip(Effect.scoped(openLabels(path)))
        assert.include(error.message, `wanted "ARROW1"`)
      })
    )
  )
})

const row = (id: string, chosen: string, rejected: string, margin: number) =>
  Result.succeed({ promptId: id, messages: pair(id).messages, chosen, rejected, margin })

describe("majority()", () => {
  it("is what more annotators said; margin is the lead in votes; an even vote, or no text, gives none", () => {
    const found = majority([
      judgement("a", "ann", "first"),
      judgement("b", "ann", "tie"),
      judgement("a", "ben", "first"),
      judgement("b", "ben", "second"),
      judgement("a", "cat", "second"),
      judgement("c", "ann", "first"),
      judgement("c", "ben", "second"),
      { ...judgement("d", "ann", "first"), second: " " },
      { ...judgement("e", "ann", "first"), second: "e one" },
      { ...judgement("f", "ann", "second"), first: " " }
    ])
    assert.deepStrictEqual<unknown>(found, [
      row("a", "a one", "a two", Math.abs((2 * 2) / 3 - 1)), // two of three
      row("b", "b two", "b one", 0.5), // one vote and one tie
      Result.fail("tie"),
      Result.fail("empty"),
      Result.fail("identical"),
      Result.fail("empty")
    ])
  })
})

const of = (...labels: ReadonlyArray<readonly [string, string, Judgement["verdict"]]>) =>
  annotatorAgreement(labels.map(([annotator, pairId, verdict]) => judgement(pairId, annotator, verdict)))

describe("annotatorAgreement()", () => {
  it("is Cohen's of two, over the pairs that both judged", () => {
    const found = of(
      ["ben", "a", "first"],
      ["ann", "a", "first"],
      ["ann", "b", "second"],
      ["ben", "b", "first"],
      ["ben", "c", "tie"]
    )
    const expected = { measure: "Cohen", annotators: ["ann", "ben"], pairs: 2, observed: 0.5, expected: 0.5, kappa: 0 }
    assert.deepStrictEqual<unknown>(found, expected)
  })

  it("is Fleiss' of three", () => {
    const found = of(
      ["ann", "a", "first"],
      ["ben", "a", "first"],
      ["cat", "a", "first"],
      ["ann", "b", "first"],
      ["ben", "b", "first"],
      ["cat", "b", "second"]
    )
    // pairs that agree: 3 of 3, 1 of 3; shares 5/6 and 1/6, so expected 26/36: (2/3 − 13/18)/(1 − 13/18) = −1/5
    assert.deepStrictEqual([found?.measure, found?.pairs], ["Fleiss", 2])
    assert.closeTo(found?.kappa ?? Number.NaN, -1 / 5, 1e-12) // rounding of a few sums
  })

  it("is none of one annotator, or without a pair in common", () => {
    assert.isUndefined(of(["ann", "a", "first"]))
    assert.isUndefined(of(["ann", "a", "first"], ["ben", "b", "first"]))
  })
})
