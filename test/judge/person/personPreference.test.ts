import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Stream } from "effect"
import { Judgement } from "../../../schemas/mod.ts"
import { readArrow } from "../../../src/arrow/mod.ts"
import { type Comparison, Preference, rankCandidates, rankings } from "../../../src/judge/mod.ts"
import { personPreference, type Waiting } from "../../../src/judge/person/mod.ts"
import { withFile } from "../../arrow/temporary.ts"

interface State {
  readonly done: number
  readonly total: number
  readonly canUndo: boolean
  readonly pair?: { readonly pairId: string; readonly upper: string; readonly lower: string }
}

const ask = async (url: string, path: string, body?: unknown): Promise<State> => {
  const headers = { origin: new URL(url).origin, "content-type": "application/json" }
  const response = await fetch(
    `${url}${path}`,
    body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) }
  )
  return (await response.json()) as State // as: what the page is told
}

/** A person at the page who judges what comes until `count` pairs are judged. */
const person = (
  url: string,
  annotator: string,
  count: number,
  better: (upper: string, lower: string) => "upper" | "lower" | "tie"
) =>
  Effect.promise(async () => {
    let judged = 0
    while (judged < count) {
      const { pair } = await ask(url, `state?annotator=${annotator}`)
      if (pair === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
      else {
        judged++
        await ask(url, "verdict", { annotator, pairId: pair.pairId, choice: better(pair.upper, pair.lower) })
      }
    }
  })

const longer = (upper: string, lower: string) =>
  upper.length === lower.length ? "tie" : upper.length > lower.length ? "upper" : "lower"
const shorter = (upper: string, lower: string) => longer(lower, upper)

const messages = [{ role: "user" as const, content: "?" }]
const row = (first: string, second: string): Comparison => ({ messages, first, second })

/** The answer of the preference that persons are, who work at its page until it is there. */
const withPersons = <A, E>(
  labels: string,
  annotators: readonly [string, ...ReadonlyArray<string>],
  asked: Effect.Effect<A, E, Preference>,
  work: (url: string) => Effect.Effect<unknown>,
  onWait?: (found: Waiting) => Effect.Effect<void>
) =>
  Effect.gen(function* () {
    const page = yield* Deferred.make<string>()
    const onPage = (url: string) => Effect.asVoid(Deferred.succeed(page, url))
    const layer = personPreference({ annotators, labels, seed: 0, port: 0, onPage, ...(onWait && { onWait }) })
    const working = Effect.flatMap(Deferred.await(page), work)
    return yield* Effect.provide(Effect.raceFirst(asked, Effect.andThen(working, Effect.never)), layer)
  }).pipe(Effect.provide(NodeServices.layer))

const prefer = (...rows: ReadonlyArray<Comparison>) => Effect.flatMap(Preference, (oracle) => oracle.prefer(rows))

const annOnce = (url: string) => person(url, "ann", 1, longer)

describe("personPreference()", () => {
  it.live("waits for every annotator; the chance is the share of their votes, and the swap has the rest", () =>
    withFile("labels.arrow", (labels) =>
      Effect.gen(function* () {
        const rows = [row("long", "a"), row("a", "long"), row("b", "c"), row("x", "x")]
        const chances = yield* withPersons(labels, ["ann", "ben", "cat"], prefer(...rows), (url) =>
          Effect.all([person(url, "ann", 2, longer), person(url, "ben", 2, longer), person(url, "cat", 2, shorter)], {
            concurrency: 3
          })
        )
        // "long": two of three for it; "b" and "c": three ties; "x" against itself is not asked
        assert.closeTo(chances[0] ?? Number.NaN, 2 / 3, 1e-15) // rounding of a third
        assert.strictEqual((chances[0] ?? 0) + (chances[1] ?? 0), 1)
        assert.deepStrictEqual(chances.slice(2), [0.5, 0.5])
        const batches = yield* Stream.runCollect(readArrow(labels, Judgement))
        const asked = batches.flatMap((batch) => batch.rows).filter(({ annotator }) => annotator === "ann")
        assert.deepStrictEqual(
          asked.map(({ first, second }) => [first, second]),
          [
            ["a", "long"],
            ["b", "c"]
          ] // each pair once, in whichever order it was named
        )
      })
    )
  )

  it.live("asks nothing again that is in the file, in this order or the other", () =>
    withFile("labels.arrow", (labels) =>
      Effect.gen(function* () {
        const waits: Array<Waiting["waiting"]> = []
        const onWait = ({ waiting }: Waiting) => Effect.sync(() => void waits.push(waiting))
        const first = yield* withPersons(labels, ["ann"], prefer(row("long", "a")), annOnce, onWait)
        const again = yield* withPersons(labels, ["ann"], prefer(row("a", "long")), () => Effect.void, onWait)
        assert.deepStrictEqual([first, again], [[1], [0]])
        assert.deepStrictEqual(waits, [[{ annotator: "ann", pairs: 1 }]]) // told once, of what is left to judge
      })
    )
  )

  it.live("ranks candidates of several prompts by a tournament", () =>
    withFile("labels.arrow", (labels) =>
      Effect.gen(function* () {
        const rows = [
          { messages, responses: ["bb", "a", "dddd", "ccc"] },
          { messages: [{ role: "user" as const, content: "!" }], responses: ["a", "bb"] }
        ]
        const choices = yield* withPersons(labels, ["ann"], rankCandidates(rankings.tournament)(rows), (url) =>
          person(url, "ann", Number.POSITIVE_INFINITY, longer)
        )
        assert.deepStrictEqual(choices, [
          { chosen: 2, rejected: 1 },
          { chosen: 1, rejected: 0 }
        ])
      })
    )
  )
})
