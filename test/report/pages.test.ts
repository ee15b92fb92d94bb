import { pathToFileURL } from "node:url"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, type Path, type Scope, Stream } from "effect"
import { assert, describe, it } from "vitest"
import type { PromptMap } from "../../schemas/mod.ts"
import { measureStatistics, writeStatistics } from "../../src/report/mod.ts"
import { writePromptMap } from "../../src/report/promptMap/mod.ts"
import { browser, screens, type Tab, whySkipped, withTab } from "../browser/browser.ts"
import { beyond, contrast } from "../browser/looks.ts"

type Services = FileSystem.FileSystem | Path.Path

/** Opens the page that `write` writes into a folder, and runs `use` there; the page has nothing to complain of. */
const opened = <E>(
  write: (folder: string) => Effect.Effect<string, E, Services>,
  use: (tab: Tab) => Promise<void>
): Promise<void> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const page = yield* write(yield* files.makeTempDirectoryScoped())
    yield* Effect.promise(() =>
      withTab(browser ?? assert.fail(), async (tab) => {
        await tab.open(pathToFileURL(page).href)
        await use(tab)
        assert.deepStrictEqual(tab.troubles(), [])
      })
    )
  }).pipe(
    Effect.scoped as <B, F, R>(f: Effect.Effect<B, F, R>) => Effect.Effect<B, F, Exclude<R, Scope.Scope>>,
    Effect.provide(NodeServices.layer),
    Effect.runPromise
  )

const looksWell = async (tab: Tab) => {
  for (const screen of screens) {
    await tab.screen(screen)
    assert.strictEqual(await tab.evaluate(beyond), 0, JSON.stringify(screen))
    assert.isAtLeast(Number(await tab.evaluate(contrast)), 4.5, JSON.stringify(screen))
  }
}

const longName = "hf:owner/a-data-set-with-a-name-that-goes-on-and-on-and-on-and-on@main"

/** A map of many prompts on a circle; one prompt is Arabic. */
const manyPrompts = (count: number): PromptMap => ({
  encoder: "encoder",
  maxTokens: 8,
  method: "umap",
  seed: 0,
  fitted: count,
  repeated: 0,
  truncated: 0,
  sources: [{ name: longName, prompts: count }],
  topics: [{ name: "oak, paint", keywords: ["oak"], prompts: count }],
  points: Array.from({ length: count }, (_, i) => ({
    promptId: `p${i}`,
    prompt: i === 7 ? "السماء زرقاء oak" : `prompt ${i} ${"and so on ".repeat(i % 30)}`,
    source: 0,
    topic: 0,
    x: Math.cos(i),
    y: Math.sin(i)
  }))
})

/** How many pixels of the map are drawn upon, and the direction of the first prompt that is found. */
const inked = `(() => {
  const map = document.getElementById("map")
  const { data } = map.getContext("2d").getImageData(0, 0, map.width, map.height)
  return data.filter((value, i) => i % 4 === 3 && value > 0).length
})()`

describe.skipIf(browser === undefined)(`pages of reports, in a browser${whySkipped}`, () => {
  it("the prompt map fits every screen, is drawn with thousands of points, and is used by keys", () =>
    opened(
      (folder) => Effect.map(writePromptMap(manyPrompts(5000), { folder, title: "Map" }), ({ html }) => html),
      async (tab) => {
        await looksWell(tab)
        const phone = screens[0] ?? assert.fail()
        await tab.screen(phone)
        assert.isAbove(Number(await tab.evaluate(`document.getElementById("map").clientWidth`)), 0.8 * phone.width)
        await tab.until(`document.getElementById("map").width === document.getElementById("map").clientWidth`)
        await tab.evaluate(`document.getElementById("map").focus()`)
        const whole = Number(await tab.evaluate(inked))
        assert.isAbove(whole, 2000)
        // closer, the circle is no longer on the screen
        for (let i = 0; i < 12; i++) await tab.press("+")
        assert.isBelow(Number(await tab.evaluate(inked)), whole)
        await tab.press("0")
        assert.strictEqual(await tab.evaluate(inked), whole)
        const seek = `(() => { const search = document.getElementById("search"); search.value = "OAK"; search.dispatchEvent(new Event("input")) })()`
        await tab.evaluate(seek)
        assert.strictEqual(
          await tab.evaluate(`document.getElementById("status").textContent`),
          "1 of 5000 shown prompts"
        )
      }
    ))

  it("the statistics fit every screen", () =>
    opened(
      Effect.fnUntraced(function* (folder) {
        const row = { promptId: "a", messages: [{ role: "user" as const, content: "a?" }], chosen: "b", rejected: "cc" }
        const rows = [{ ...row, margin: 1, dataset: longName }]
        const statistics = yield* measureStatistics(Stream.fromIterable(rows), { by: "dataset" })
        return (yield* writeStatistics(statistics, { folder, title: `Statistics of "${longName}"` })).html
      }),
      looksWell
    ))
})
