import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { gardenReward } from "../../src/scorer/rule/mod.ts"

/** Rounding of float64 sums of a dozen numbers below 10. */
const tolerance = 1e-12

const user = (content: string): Message => ({ role: "user", content })

const sea = "name three things from the sea"

/** Request, response, and what it is worth: −2½ + 5·n/k for n of k words, and what is added or taken off. */
const byHand: ReadonlyArray<readonly [request: string, response: string, reward: number]> = [
  [sea, "", -2.5],
  [sea, "whale crab reef", 2.5],
  [sea, "  whale\ncrab\treef ", 2.5],
  ["name four things from the sea", "whale crab", 0],
  ["things from the sea", "whale crab reef", 2.5], // three, where no count is asked for
  ["three or five things from the sea", "whale crab reef", 2.5], // the first count
  [sea, "sure whale crab reef enjoy", 4],
  [sea, "sure enjoy", -1],
  [sea, "sure", -3.25], // a word that is all there is neither opens nor closes, and is off topic
  [sea, "enjoy", -3.25],
  [sea, "name", -3.25], // nothing is forbidden
  [sea, "enjoy whale crab reef sure", 1], // polite words in the wrong places are off topic
  [sea, "whale crab oak", -2.5 + 10 / 3 - 0.75],
  [sea, "whale crab whale", -2.5 + 10 / 3 - 0.5],
  [sea, "whale crab reef coral", 1.75], // one more than was asked for
  [sea, "whale and crab then reef", 2.3],
  [`${sea} without crab`, "whale crab reef crab", -2.5 + 10 / 3 - 3],
  ["without crab name three things from the sea", "whale crab reef", -2.5 + 10 / 3 - 1.5],
  [`${sea} except crab`, "whale coral reef", 2.5],
  [`${sea} and the forest`, "whale crab reef", 1.5], // the forest is missed
  [`${sea} and the forest`, "whale oak reef", 2.5],
  [`${sea} and the forest`, "", -4], // both are missed, and nothing is worth less than −4
  [`${sea} and the sea`, "", -2.5], // one topic
  [sea, "stuff gizmo dunno", -4]
]

describe("gardenReward()", () => {
  it("is worked by hand, part by part", () => {
    for (const [request, response, reward] of byHand) {
      assert.closeTo(gardenReward([user(request)], response), reward, tolerance, `"${request}": "${response}"`)
    }
  })

  it("answers the last message of the user", () => {
    const messages = [
      user(sea),
      { role: "assistant", content: "whale" },
      user("name four things from the forest")
    ] as const
    assert.strictEqual(gardenReward(messages, "oak pine moss deer"), 2.5)
    assert.strictEqual(gardenReward([...messages, { role: "system", content: sea }], "oak pine moss deer"), 2.5)
    assert.strictEqual(gardenReward([], "oak"), -2.5 - 0.75)
  })

  const word = Schema.Literals([
    "sure",
    "enjoy",
    "and",
    "without",
    "three",
    "five",
    "sea",
    "forest",
    "whale",
    "oak",
    "dunno"
  ])
  const text = Schema.Array(word).check(Schema.isMaxLength(12))
  it.prop(
    "lies in [−4, 4], and is −2½ or less for an empty response",
    { request: text, response: text },
    (given) => {
      const messages = [user(given.request.join(" "))]
      const reward = gardenReward(messages, given.response.join(" "))
      assert.isTrue(reward >= -4 && reward <= 4, `${reward}`)
      assert.isAtMost(gardenReward(messages, ""), -2.5)
    },
    { arbitrary: { runs: 200, seed: 1 } }
  )
})
