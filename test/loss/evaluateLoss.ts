import { Effect } from "effect"
import type { BoundLoss } from "../../src/loss/mod.ts"
import { type Feed } from "../graph/Case.ts"
import { evaluate } from "../graph/evaluate.ts"
import type { Numbers } from "./Case.ts"
import { graphOf } from "./graphOf.ts"

/** The number of pairs or rows. */
export const countOf = (numbers: Numbers): number =>
  Object.entries(numbers).reduce((n, [name, xs]) => (name === "runningReward" ? n : xs.length), 0)

/** Numbers as what is fed; "weights" are all 1 unless given. */
export const feedsOf = (numbers: Numbers, type: "float32" | "float64"): Readonly<Record<string, Feed>> => {
  const n = countOf(numbers)
  const weights = Array.from({ length: n }, () => 1)
  return Object.fromEntries(
    Object.entries({ weights, ...numbers }).map(([name, xs]): readonly [string, Feed] => [
      name,
      {
        data: type === "float64" ? Float64Array.from(xs) : Float32Array.from(xs),
        shape: name === "runningReward" ? [] : [n]
      }
    ])
  )
}

/** The vector of a loss in float32 and the slopes of its sum, by the names of the terms. */
export const evaluateLoss = Effect.fnUntraced(function* (loss: BoundLoss, numbers: Numbers) {
  const { graph, slopes } = graphOf(loss, "float32")
  const found = yield* evaluate(graph, feedsOf(numbers, "float32"), { n: countOf(numbers) })
  const list = (name: string): ReadonlyArray<number> => Array.from(found[name] ?? [], Number)
  return {
    vector: list("vector"),
    slopes: Object.fromEntries(slopes.map((name) => [name, list(`slope of ${name}`)])) satisfies Numbers
  }
})
