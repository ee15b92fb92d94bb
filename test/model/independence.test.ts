import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { layoutBlock, responseLogProbability, type Sequence } from "../../src/model/mod.ts"
import { distance, Services } from "../recordings.ts"
import { examplesOf } from "./examplesOf.ts"
import { families } from "./families.ts"
import { evaluateOn, graphOver, openFamily } from "./openFamily.ts"

/** Log-probabilities of about −5 in float32, from sums over rows of other lengths. */
const tolerance = 1e-5

layer(Services)("responseLogProbability()", (it) => {
  for (const name of Object.keys(families)) {
    it.effect(`gives ${name}'s log-probabilities whatever shares the row`, () =>
      Effect.gen(function* () {
        const opened = yield* openFamily(name)
        const graph = graphOver(opened, (op, model, parameterOf) => {
          op.output(responseLogProbability(op, model, parameterOf), "logProbabilities")
        })
        const perToken = (examples: ReadonlyArray<ReadonlyArray<Sequence>>, capacity: number) =>
          Effect.map(evaluateOn(opened, graph, layoutBlock(examples, { capacity })), (found) =>
            Array.from(found["logProbabilities"] ?? [], Number)
          )
        for (const seed of [1, 2, 3]) {
          const examples = examplesOf(seed)
          const alone = yield* Effect.forEach(examples.flat(), (sequence) => perToken([[sequence]], 0))
          for (const capacity of [0, 24, 64]) {
            assert.isBelow(distance(yield* perToken(examples, capacity), alone.flat()), tolerance)
          }
        }
      })
    )
  }
})
