import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, type Scope } from "effect"
import { assert, describe, it } from "vitest"
import type { Pair } from "../../../schemas/mod.ts"
import { type Desk, servePage, shownOrder, verdictOf } from "../../../src/judge/person/mod.ts"
import { browser, screens, type Tab, whySkipped, withTab } from "../../browser/browser.ts"
import { beyond, contrast, inSight } from "../../browser/looks.ts"
import { deskOf, pair } from "./pairs.ts"

/** Runs `use` in a browser in which the page of a desk is open. */
const opened = <A>(
  annotators: ReadonlyArray<string>,
  pairs: ReadonlyArray<Pair>,
  use: (tab: Tab, desk: Desk) => Promise<A>,
  troubles = 0
): Promise<A> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const desk = yield* deskOf(annotators, pairs)
      const url = yield* servePage(desk, { port: 0, idle: "All are judged", closes: true })
      return yield* Effect.promise(() =>
        withTab(browser ?? assert.fail(), async (tab) => {
          await tab.open(url)
          const result = await use(tab, desk)
          assert.strictEqual(tab.troubles().length, troubles, tab.troubles().join("\n"))
          return result
        })
      )
    }).pipe(
      Effect.scoped as <B, E, R>(f: Effect.Effect<B, E, R>) => Effect.Effect<B, E, Exclude<R, Scope.Scope>>,
      Effect.provide(NodeServices.layer)
    )
  )

const verdicts = async (desk: Desk) =>
  (await Effect.runPromise(desk.ledger)).judgements.map(({ annotator, pairId, verdict }) => [
    annotator,
    pairId,
    verdict
  ])

const showing = (pairId: string) =>
  `document.getElementById("prompt").textContent.includes(${JSON.stringify(`${pairId}?`)})`

const of = (pairId: string, choice: "upper" | "lower") => verdictOf(choice, shownOrder(0, "ann", pairId))

describe.skipIf(browser === undefined)(`the page, in a browser${whySkipped}`, () => {
  it("takes 1, 2 and 0 as verdicts, u as undo, and says how far the work is", () =>
    opened(["ann"], [pair("a"), pair("b"), pair("c")], async (tab, desk) => {
      await tab.until(showing("a"))
      await tab.press("1")
      await tab.until(showing("b"))
      await tab.press("2")
      await tab.until(showing("c"))
      await tab.press("u")
      await tab.until(showing("b"))
      assert.strictEqual(await tab.evaluate(`document.getElementById("count").textContent`), "1 of 3 judged by ann")
      assert.strictEqual(await tab.evaluate(`document.getElementById("bar").value`), 1)
      await tab.press("0")
      await tab.until(showing("c"))
      await tab.press("2")
      await tab.until(`document.getElementById("status").textContent === "All are judged"`)
      assert.deepStrictEqual(await verdicts(desk), [
        ["ann", "a", of("a", "upper")],
        ["ann", "b", "tie"],
        ["ann", "c", of("c", "lower")]
      ])
      await tab.evaluate(`document.getElementById("finish").click()`)
      await Effect.runPromise(desk.finished)
    }))

  it("shows responses as texts: no script of theirs runs, no tag of theirs is made", () => {
    const evil = `<script>window.hit = 1</script><img src=x onerror="window.hit = 2"><b>bold</b>\n</div>&lt;`
    const bad: Pair = { ...pair("a", evil, "fine"), messages: [{ role: "user", content: `a? ${evil}` }] }
    return opened(
      ["ann"],
      [bad],
      async (tab) => {
        await tab.until(showing("a"))
        const texts = await tab.evaluate(`["first", "second"].map((id) => document.getElementById(id).textContent)`)
        assert.sameMembers(texts as Array<string>, [evil, "fine"]) // as: compared with texts
        assert.include(await tab.evaluate(`document.getElementById("prompt").textContent`), evil)
        assert.strictEqual(
          await tab.evaluate(`document.querySelectorAll("main img, main script, .text b:not(.said > b)").length`),
          0
        )
        assert.strictEqual(await tab.evaluate(`typeof window.hit`), "undefined")
        // and even markup that were inserted would run nothing
        await tab.evaluate(`document.body.insertAdjacentHTML("beforeend", '<img src=x onerror="window.hit = 3">')`)
        await tab.evaluate(`new Promise((done) => setTimeout(done, 100))`)
        assert.strictEqual(await tab.evaluate(`typeof window.hit`), "undefined")
      },
      2
    ) // the browser says that it loaded no image and ran no handler
  })

  it("asks who judges where there are several, keeps them apart, and shows their agreement", () =>
    opened(["ann", "b&n <i>"], [pair("a")], async (tab, desk) => {
      await tab.until(`document.querySelectorAll("#who a").length === 2`)
      await tab.evaluate(`document.querySelectorAll("#who a")[1].click()`)
      await tab.until(showing("a"))
      await tab.press("0")
      await tab.until(`document.getElementById("count").textContent === "1 of 1 judged by b&n <i>"`)
      await Effect.runPromise(desk.judge({ annotator: "ann", pairId: "a", choice: "tie" }))
      await tab.until(
        `document.getElementById("agreement").textContent.startsWith("Agreement of ann, b&n <i> on 1 pairs")`
      )
    }))

  it("can be read and used without a mouse: every control has a name, focus starts at the title, contrast is enough", () =>
    opened(["ann"], [pair("a")], async (tab) => {
      await tab.until(showing("a"))
      assert.strictEqual(await tab.evaluate(`document.activeElement.id`), "title")
      const { nodes } = await tab.call("Accessibility.getFullAXTree")
      const named = (nodes as ReadonlyArray<AxNode>) // as: the protocol says so
        .filter(({ ignored, role }) => !ignored && controls.has(role?.value ?? ""))
        .map(({ name, role }) => `${role?.value}: ${name?.value}`)
      assert.sameMembers(named, [
        // the tree is not in the order of the page
        "progressbar: 0 of 1 judged by ann",
        "group: Prompt",
        "group: First response",
        "group: Second response",
        "group: Verdict",
        "button: 1 First is better",
        "button: 2 Second is better",
        "button: 0 Tie",
        "button: u Undo",
        "button: Finish"
      ])
    }))

  it("keeps the verdict in sight below long responses, fits every screen, and sets each text in its direction", () => {
    const long = `${"Light from the sun looks white. ".repeat(200)}\n${"x".repeat(500)}`
    const bad: Pair = { ...pair("a", long, long), messages: [{ role: "user", content: `a? ${long}` }] }
    const arabic: Pair = {
      ...pair("b", "السماء زرقاء (1871)!", "because"),
      messages: [{ role: "user", content: "b?" }]
    }
    return opened(["ann"], [bad, arabic], async (tab) => {
      await tab.until(showing("a"))
      for (const screen of screens) {
        await tab.screen(screen)
        const seen = await tab.evaluate(
          `[${beyond}, ${["upper", "lower", "tie", "undo", "finish"].map(inSight).join()}]`
        )
        assert.deepStrictEqual(seen, [0, true, true, true, true, true], JSON.stringify(screen))
        assert.isAtLeast(Number(await tab.evaluate(contrast)), 4.5, JSON.stringify(screen))
      }
      await tab.press("0")
      await tab.until(showing("b"))
      const directions = `["first", "second"].map((id) => getComputedStyle(document.getElementById(id)).direction)`
      assert.sameMembers((await tab.evaluate(directions)) as Array<string>, ["rtl", "ltr"]) // as: compared with texts
    })
  })
})

interface AxNode {
  readonly ignored: boolean
  readonly role?: { readonly value: string }
  readonly name?: { readonly value: string }
}

const controls = new Set(["button", "progressbar", "group", "link", "textbox"])
