import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { TestSchema } from "effect/testing"
import {
  Audit,
  Candidates,
  Checkpoint,
  Demonstration,
  Judged,
  Judgement,
  LearnedTurns,
  LengthBias,
  LengthPolicy,
  Message,
  Metrics,
  Pair,
  Preference,
  Prompt,
  Response,
  Scored
} from "../../schemas/mod.ts"
import * as units from "../../schemas/units.ts"

const records = {
  Audit,
  Candidates,
  Checkpoint,
  Demonstration,
  Judged,
  Judgement,
  LearnedTurns,
  LengthBias,
  LengthPolicy,
  Message,
  Metrics,
  Pair,
  Preference,
  Prompt,
  Response,
  Scored
}

describe("every record", () => {
  for (const [name, record] of Object.entries(records)) {
    it.effect(`${name} comes back from JSON as it was`, () =>
      new TestSchema.Asserts(Schema.fromJsonString(record as Schema.Codec<unknown>)).verifyRoundTripEffect({
        runs: 30,
        seed: 1
      })
    )
  }
})

/** The least value inside each unit's domain, the greatest, and values just outside. */
const domains: Readonly<Record<keyof typeof units, { inside: ReadonlyArray<number>; outside: ReadonlyArray<number> }>> =
  {
    KlCoefficient: { inside: [1e-9, 10], outside: [0, -0.1] },
    Temperature: { inside: [0, 2], outside: [-0.1] },
    Seed: { inside: [0, 4_294_967_295], outside: [-1, 4_294_967_296, 0.5] },
    LearningRate: { inside: [5e-7], outside: [0, -1e-3] },
    LabelSmoothing: { inside: [0, 0.5], outside: [-0.1, 0.501] },
    LossWeight: { inside: [0, 1e-5, 10], outside: [-1e-5] },
    LengthPenalty: { inside: [0, 0.001], outside: [-0.001] },
    WarmupRatio: { inside: [0, 0.999], outside: [1, -0.1] },
    WeightDecay: { inside: [0, 0.1], outside: [-0.1] },
    DecayRate: { inside: [0, 0.999], outside: [1, -0.1] },
    Share: { inside: [0, 1], outside: [-0.1, 1.001] },
    GradientNorm: { inside: [1e-6, 1], outside: [0] },
    Probability: { inside: [1e-9, 1], outside: [0, 1.001] },
    TokenCount: { inside: [1, 2048], outside: [0, 1.5] },
    BatchSize: { inside: [1, 512], outside: [0, 1.5] },
    EpochCount: { inside: [1], outside: [0, 1.5] },
    ResponseCount: { inside: [1, 8], outside: [0, 1.5] }
  }

describe("every unit", () => {
  for (const [name, unit] of Object.entries(units)) {
    it(`${name} holds its domain and nothing beside it, no NaN and no infinity`, () => {
      const accepts = Schema.is(unit)
      const { inside, outside } = domains[name as keyof typeof units] // the table above has a row for each
      assert.deepStrictEqual(inside.filter(accepts), inside)
      assert.deepStrictEqual([...outside, Number.NaN, Number.POSITIVE_INFINITY].filter(accepts), [])
    })
  }
})
