import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { type LossName, losses, mixtureOf } from "../../src/loss/mod.ts"
import { choose } from "./graphOf.ts"
import { cases } from "./cases.ts"

const names = Object.keys(losses) as ReadonlyArray<LossName> // as: the keys of a literal table

const decode = (name: LossName, options: unknown) => {
  const schema: Schema.Decoder<unknown> = losses[name].options
  return Schema.decodeUnknownResult(schema)(options, { onExcessProperty: "error" })
}

const told = (name: LossName, options: unknown) => {
  const { on, per, coupled, rewardScale } = choose(name, options)
  return [on, per, coupled, rewardScale]
}

describe("the options of a loss", () => {
  it("have a default each, and every variant of the tests is known", () => {
    const refused = names.filter((name) =>
      [{}, ...cases[name].variants].some((each) => Result.isFailure(decode(name, each)))
    )
    assert.deepStrictEqual(refused, [])
  })

  it("are what their sources take where nothing is said: 1/10 for β, no smoothing, weights of 1, unless named here", () => {
    const usual = {
      klCoefficient: 0.1,
      labelSmoothing: 0,
      divergence: "reverseKl",
      desirableWeight: 1,
      undesirableWeight: 1,
      margin: "ignore",
      centering: 0
    }
    const named: Partial<Record<LossName, object>> = {
      robust: { labelSmoothing: 0.1 },
      ipo: { normalize: "length" },
      exo: { labelSmoothing: 1e-3 }, // TRL, where none is given
      sppoHard: { klCoefficient: 1e-3 }, // η = 10³ of the paper
      discopop: { klCoefficient: 0.05, temperature: 0.05 }, // Lu et al. (2024)
      lengthNormalizedDpo: { klCoefficient: 5 },
      simpo: { klCoefficient: 2, targetMargin: 1 }, // TRL: β = 2, γ/β = 1/2
      orpo: { oddsWeight: 0.1, likelihood: "whole" }, // TRL
      xpo: { optimism: 1e-5 }, // TRL
      selm: { optimism: 1e-3 },
      vpo: { incentive: 0.01, under: "optimism", calibration: "both" }
    }
    for (const name of names) {
      const found = Object(Result.getOrThrow(decode(name, {})))
      const wanted = { ...usual, ...named[name] }
      assert.deepStrictEqual(found, Object.fromEntries(Object.entries(wanted).filter(([key]) => key in found)), name)
    }
  })

  it("refuse keys of other losses: label smoothing where there is none", () => {
    const smoothed = names.filter((name) => Result.isSuccess(decode(name, { labelSmoothing: 0.1 })))
    const wanted = ["dpo", "robust", "exo", "aot", "aotUnpaired", "lengthNormalizedDpo", "simpo", "cpo"]
    assert.deepStrictEqual(smoothed, wanted)
  })

  it("refuse numbers outside their domain", () => {
    const refused: ReadonlyArray<readonly [LossName, unknown]> = [
      ["dpo", { klCoefficient: 0 }],
      ["dpo", { labelSmoothing: 0.6 }],
      ["dpo", { divergence: "tv" }],
      ["dpo", { divergence: { alpha: Number.NaN } }],
      ["robust", { labelSmoothing: 0.5 }],
      ["exo", { labelSmoothing: 0 }],
      ["ipo", { normalize: "tokens" }],
      ["discopop", { temperature: 0 }],
      ["bradleyTerry", { centering: -1 }],
      ["xpo", { optimism: -1e-5 }],
      ["raft", "yes"],
      ["nll", 3]
    ]
    for (const [name, options] of refused) assert.isTrue(Result.isFailure(decode(name, options)), name)
  })

  it("are described, each key and each loss", () => {
    const undescribed = names.flatMap((name) => {
      const { schema } = Schema.toJsonSchemaDocument(losses[name].options)
      const properties: Readonly<Record<string, unknown>> = Object(schema["properties"] ?? {})
      const keys = Object.entries(properties).filter(([, each]) => !JSON.stringify(each).includes('"description"'))
      return [...(losses[name].doc === "" ? [name] : []), ...keys.map(([key]) => `${name}.${key}`)]
    })
    assert.deepStrictEqual(undescribed, [])
  })

  it("bind to a loss that knows its mean, its coupling and the scale of its rewards", () => {
    assert.deepStrictEqual(told("dpo", { klCoefficient: 0.3 }), ["pairs", "pair", false, 0.3])
    assert.deepStrictEqual(told("nll", {}), ["pairs", "chosenToken", false, 1])
    assert.deepStrictEqual(told("kto", { klCoefficient: 0.3 }), ["rows", "row", true, 0.3])
    assert.deepStrictEqual(told("bradleyTerry", {}), ["rewards", "pair", false, 1])
    const scales = names.map((name) => Number(told(name, {})[3]))
    const betas = names.map((name) => Object(Result.getOrThrow(decode(name, {}))))
    assert.deepStrictEqual(
      scales.map((scale, i) => [names[i], scale]),
      betas.map(({ klCoefficient = 1, oddsWeight = klCoefficient }, i) => [names[i], oddsWeight])
    )
    const coupled = names.filter((name) => losses[name].coupled)
    assert.deepStrictEqual(coupled, ["aot", "aotUnpaired", "kto"])
  })
})

describe("mixtureOf()", () => {
  const klCoefficient = Schema.decodeSync(losses.bco.options)({ klCoefficient: 0.2 }).klCoefficient

  it("keeps parts and weights, takes the reward scale of the first, and is coupled where one part is", () => {
    const mixture = Result.getOrThrow(
      mixtureOf([
        { loss: { bco: { klCoefficient } }, weight: 0.2 },
        { loss: { nll: {} }, weight: 1 },
        { loss: { aot: Schema.decodeSync(losses.aot.options)({}) }, weight: 0.5 }
      ])
    )
    const { on, coupled, rewardScale, parts } = mixture
    const read = parts.map(({ name, weight, loss }) => [name, weight, loss.per])
    assert.deepStrictEqual([on, coupled, rewardScale], ["pairs", true, 0.2])
    assert.deepStrictEqual(read, [
      ["bco", 0.2, "pair"],
      ["nll", 1, "chosenToken"],
      ["aot", 0.5, "pair"]
    ])
  })

  it("refuses losses on different data, and none at all", () => {
    const mixed = mixtureOf([
      { loss: { nll: {} }, weight: 1 },
      { loss: { bcoUnpaired: { klCoefficient } }, weight: 1 }
    ])
    const empty = mixtureOf([])
    const message = (result: typeof mixed) => (Result.isFailure(result) ? result.failure.message : "no failure")
    assert.strictEqual(
      message(mixed),
      'Cannot mix losses: "bcoUnpaired" is a loss on rows, wanted one on pairs like "nll"'
    )
    assert.strictEqual(message(empty), "Cannot mix losses: found no part, wanted at least one")
  })
})
