import { readdirSync } from "node:fs"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Fiber, FileSystem, Result, Stream } from "effect"
import { Prompt, Seed } from "../../schemas/mod.ts"
import { mix, shuffle, shuffleBytes, type SplitOptions, splitOf } from "../../src/curation/mod.ts"
import { prompt } from "./rows.ts"

const letters = (name: string, count: number, chunk = 4) =>
  Stream.fromArray(Array.from({ length: count }, (_, i) => ({ id: `${name}${i}` }))).pipe(Stream.rechunk(chunk))

const source = (name: string, count: number, more: { weight?: number; take?: number } = {}, chunk = 4) => ({
  name,
  rows: letters(name, count, chunk),
  ...more
})

const idsOf = <E, R>(stream: Stream.Stream<{ readonly id: string }, E, R>) =>
  Effect.map(Stream.runCollect(stream), (rows) => rows.map(({ id }) => id))

const ofName = (ids: ReadonlyArray<string>, name: string) => ids.filter((id) => id.startsWith(name))

/** Thirty rows and twenty, read in chunks of a size. */
const mixed = (chunk: number) =>
  mix([source("a", 30, {}, chunk), source("b", 20, {}, chunk)], { seed: 1, exhausted: "goOn" })

const refusal = (sources: Parameters<typeof mix<{ id: string }, never, never>>[0]) =>
  Effect.map(Effect.flip(idsOf(mix(sources, { seed: 0, exhausted: "repeat" }))), ({ message }) => message)

/** Which sources are drawn: one of some rows, and one of forty. */
const lettersOf = (count: number, exhausted: "repeat" | "stop") =>
  Effect.map(idsOf(mix([source("a", count), source("b", 40)], { seed: 3, exhausted })), (ids) =>
    ids.map((id) => id.slice(0, 1))
  )

const turns = (i: number) => [
  { role: "user" as const, content: "Hello" },
  { role: "assistant" as const, content: String(i) },
  { role: "user" as const, content: "And?" }
]

describe("mix()", () => {
  it.effect("keeps the order of each source, labels rows, and does not depend on chunks", () =>
    Effect.gen(function* () {
      const rows = yield* Stream.runCollect(mixed(4))
      const ids = rows.map(({ id }) => id)
      assert.deepStrictEqual(ofName(ids, "a"), yield* idsOf(letters("a", 30)))
      assert.deepStrictEqual(ofName(ids, "b"), yield* idsOf(letters("b", 20)))
      assert.isTrue(rows.every(({ id, dataset }) => id.startsWith(dataset)))
      assert.deepStrictEqual(yield* idsOf(mixed(7)), ids)
      assert.notDeepEqual(ids.slice(0, 30), yield* idsOf(letters("a", 30)))
    })
  )

  it.effect("draws in the proportion of the weights, and takes no more than told", () =>
    Effect.gen(function* () {
      const weighted = [source("a", 9000, { weight: 3 }), source("b", 9000)]
      const ids = yield* idsOf(mix(weighted, { seed: 2, exhausted: "stop" }).pipe(Stream.take(4000)))
      // 3000 are expected; five standard deviations of 4000 draws with p = ¾ are 137
      assert.closeTo(ofName(ids, "a").length, 3000, 137)
      const taken = yield* idsOf(mix([source("a", 9, { take: 2 }), source("b", 3)], { seed: 2, exhausted: "goOn" }))
      assert.deepStrictEqual([ofName(taken, "a"), ofName(taken, "b").length], [["a0", "a1"], 3])
    })
  )

  it.effect("stops with the first source that ends, or repeats until all have ended", () =>
    Effect.gen(function* () {
      const two = [source("a", 2), source("b", 40)]
      const stopped = yield* idsOf(mix(two, { seed: 3, exhausted: "stop" }))
      assert.deepStrictEqual(ofName(stopped, "a"), ["a0", "a1"])
      assert.isBelow(stopped.length, 42)
      const repeated = yield* idsOf(mix(two, { seed: 3, exhausted: "repeat" }))
      assert.deepStrictEqual(ofName(repeated, "b"), yield* idsOf(letters("b", 40)))
      assert.deepStrictEqual(ofName(repeated, "a").slice(0, 5), ["a0", "a1", "a0", "a1", "a0"])
    })
  )

  it.effect(
    "loses no draw of a source that begins again: one row repeated is drawn as often as an endless source",
    () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* lettersOf(1, "repeat"), yield* lettersOf(1000, "stop"))
      })
  )

  it.effect("refuses a weight of 0 and a source that has nothing to repeat", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal([source("a", 2, { weight: 0 })]),
        'Cannot mix: source "a": found a weight of 0, wanted a finite one above 0'
      )
      assert.strictEqual(
        yield* refusal([source("a", 0), source("b", 2)]),
        'Cannot mix: source "a": found no rows, wanted at least one to repeat'
      )
    })
  )
})

describe("splitOf()", () => {
  const shares = { train: 0.8, validation: 0.1, test: 0.1 }
  const options: SplitOptions = { shares, by: "prompt", seed: Seed.make(0) }

  it("puts prompts with the same words into one part, and parts near their shares", () => {
    const part = Result.getOrThrow(splitOf(options))
    const parts = Array.from({ length: 2000 }, (_, i) => part(prompt(`p${i}`, `What is ${i}?`)))
    const again = Array.from({ length: 2000 }, (_, i) => part(prompt(`q${i}`, `what  IS ${i}`)))
    assert.deepStrictEqual(again, parts)
    // five standard deviations of 2000 draws with p = 0.8 are 90, with p = 0.1 they are 68
    assert.closeTo(parts.filter((name) => name === "train").length, 1600, 90)
    assert.closeTo(parts.filter((name) => name === "test").length, 200, 68)
  })

  it("keeps all that follows an opening together when told", () => {
    const part = Result.getOrThrow(splitOf({ ...options, by: "opening" }))
    const parts = Array.from({ length: 50 }, (_, i) => part({ promptId: String(i), messages: turns(i) }))
    assert.strictEqual(new Set(parts).size, 1)
  })

  it("refuses shares that are all 0", () => {
    const refused = Result.getOrThrow(Result.flip(splitOf({ ...options, shares: { a: 0 } })))
    assert.match(refused.message, /^Cannot split: found shares of 0 alone/)
  })
})

layer(NodeServices.layer)("shuffle()", (test) => {
  const prompts = Array.from({ length: 200 }, (_, i) => prompt(`p${i}`, `ünïcode ${i}`))
  const shuffled = Effect.fnUntraced(function* (folder: string, chunk: number, seed: number, memory?: number) {
    const rows = Stream.fromArray(prompts).pipe(Stream.rechunk(chunk))
    return yield* rows.pipe(
      shuffle(Prompt, { seed, folder, ...(memory === undefined ? {} : { memory }) }),
      Stream.runCollect
    )
  })
  const folderOf = Effect.flatMap(FileSystem.FileSystem, (files) => files.makeTempDirectoryScoped())

  test.effect("gives every row once, in one order for a seed, whatever the chunks and the memory", () =>
    Effect.gen(function* () {
      const folder = yield* folderOf
      const once = yield* shuffled(folder, 64, 1)
      const ids = once.map(({ promptId }) => promptId)
      assert.deepStrictEqual(
        once.toSorted((a, b) => Number(a.promptId.slice(1)) - Number(b.promptId.slice(1))),
        prompts
      )
      assert.notDeepEqual(once, prompts)
      assert.deepStrictEqual(yield* shuffled(folder, 7, 1), once)
      assert.deepStrictEqual(yield* shuffled(folder, 64, 1, 100), once)
      assert.notDeepEqual(
        (yield* shuffled(folder, 64, 2)).map(({ promptId }) => promptId),
        ids
      )
      assert.deepStrictEqual(readdirSync(folder), [])
    })
  )

  test.effect("makes an order without a trend", () =>
    Effect.gen(function* () {
      const rows = Stream.range(0, 1999).pipe(Stream.map((value) => new TextEncoder().encode(String(value))))
      const options = { seed: 5, folder: yield* folderOf }
      const order = (yield* rows.pipe(shuffleBytes(options), Stream.runCollect)).map((bytes) =>
        Number(new TextDecoder().decode(bytes))
      )
      const rises = order.filter((value, i) => value > (order[i - 1] ?? Number.POSITIVE_INFINITY)).length
      // a drawn order has (n − 1)/2 rises with variance (n + 1)/12: five standard deviations are 65
      assert.closeTo(rises, 999.5, 65)
      // and 500 of the first half in the first half, with variance n/16: five standard deviations are 56
      assert.closeTo(order.slice(0, 1000).filter((value) => value < 1000).length, 500, 56)
    })
  )

  test.effect("leaves no file behind when rows fail or the reader is interrupted", () =>
    Effect.gen(function* () {
      const folder = yield* folderOf
      const bytes = Stream.fromArray(prompts).pipe(
        Stream.map(() => new Uint8Array(70_000)),
        Stream.take(20)
      )
      const failing = Stream.concat(bytes, Stream.fail("boom")).pipe(shuffleBytes({ seed: 0, folder }), Stream.runDrain)
      assert.strictEqual(yield* Effect.flip(failing), "boom")
      assert.deepStrictEqual(readdirSync(folder), [])
      const waiting = Stream.concat(bytes, Stream.never).pipe(shuffleBytes({ seed: 0, folder }), Stream.runDrain)
      const fiber = yield* Effect.forkChild(waiting)
      while (readdirSync(folder, { recursive: true }).length < 2) yield* Effect.promise(() => new Promise(setImmediate))
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(readdirSync(folder), [])
    })
  )

  test.effect("says which folder it could not use", () =>
    Effect.gen(function* () {
      const folder = `${yield* folderOf}/absent`
      const { message } = yield* Effect.flip(shuffled(folder, 8, 0))
      assert.match(message, /^Cannot shuffle: found ".*\/absent" refused/)
    })
  )
})
