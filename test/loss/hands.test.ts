import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { type LossName, losses } from "../../src/loss/mod.ts"
import { Services } from "../recordings.ts"
import { cases } from "./cases.ts"
import { evaluateLoss } from "./evaluateLoss.ts"
import { choose, graphOf } from "./graphOf.ts"

/** Some roundings of 6e-8 at values below ten. */
const TOLERANCE = 2e-6

const names = Object.keys(losses) as ReadonlyArray<LossName> // as: the keys of a literal table

const near = (found: ReadonlyArray<number>, wanted: ReadonlyArray<number>, what: string) => {
  assert.strictEqual(found.length, wanted.length, what)
  found.forEach((x, i) => assert.closeTo(x, wanted[i] ?? Number.NaN, TOLERANCE, `${what}[${i}]`))
}

describe("losses", () => {
  layer(Services)("a loss", (it) => {
    it("has values worked by hand, whichever it is", () => {
      assert.deepStrictEqual(Object.keys(cases).toSorted(), names.toSorted())
      assert.deepStrictEqual(
        names.filter((name) => cases[name].hands.length === 0),
        []
      )
    })

    for (const name of names) {
      it.effect(`${name} gives the values worked by hand`, () =>
        Effect.gen(function* () {
          for (const { options, given, equals, slopes = {} } of cases[name].hands) {
            const told = `${name} ${JSON.stringify(options ?? {})}`
            const found = yield* evaluateLoss(choose(name, options), given)
            near(found.vector, equals, told)
            for (const [term, wanted] of Object.entries(slopes)) {
              near(found.slopes[term] ?? [], wanted, `${told} ${term}`)
            }
          }
        })
      )
    }

    for (const name of names) {
      it(`${name} reads what it needs and nothing else`, () => {
        assert.deepStrictEqual(graphOf(choose(name), "float32").reads, cases[name].reads.toSorted())
      })
    }
  })
})
