import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { differentiate, Ops, serialize } from "../../src/graph/mod.ts"
import { bradleyTerry, dpo } from "../../src/loss/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { Services } from "../recordings.ts"

const ln2 = Number(Math.LN2.toFixed(5))

/** Loss and gradient for one pair: the inputs are log-probabilities (or rewards) of the chosen and the rejected response. */
const evaluate = Effect.fnUntraced(function* (
  build: (op: Ops, chosen: ReturnType<Ops["input"]>, rejected: ReturnType<Ops["input"]>) => ReturnType<Ops["input"]>,
  chosen: number,
  rejected: number
) {
  const runtime = yield* OnnxRuntime
  const op = new Ops("loss")
  const inputs = [op.input("chosen", "float32", [1]), op.input("rejected", "float32", [1])] as const
  const loss = op.output(op.ReduceSum(build(op, ...inputs), { axes: [0], keepdims: 0 }), "loss")
  const { graph, gradients } = differentiate(op.build(), { of: loss, withRespectTo: inputs })
  const back = Ops.extend(graph)
  inputs.forEach((input) => {
    const gradient = gradients.get(input.name)
    if (gradient) back.output(gradient, `d.${input.name}`)
  })
  const session = yield* runtime.session({ name: "loss", model: serialize(back.build()) })
  const found = { loss: new Float32Array(1), chosen: new Float32Array(1), rejected: new Float32Array(1) }
  yield* session.run(
    {
      chosen: yield* runtime.tensor(Float32Array.of(chosen), [1]),
      rejected: yield* runtime.tensor(Float32Array.of(rejected), [1])
    },
    {
      loss: yield* runtime.tensor(found.loss, []),
      "d.chosen": yield* runtime.tensor(found.chosen, [1]),
      "d.rejected": yield* runtime.tensor(found.rejected, [1])
    }
  )
  return [found.loss[0], found.chosen[0], found.rejected[0]].map((x) => Number((x ?? Number.NaN).toFixed(5)) + 0)
}, Effect.scoped)

const policyAgainstZero = (op: Ops, chosen: ReturnType<Ops["input"]>, rejected: ReturnType<Ops["input"]>) => {
  const zero = op.constant(new Float32Array(1), [1])
  return dpo(op, { chosen, rejected }, { chosen: zero, rejected: zero }, { klCoefficient: 0.5 })
}

describe("losses", () => {
  layer(Services)("dpo()", (it) => {
    it.effect("equals ln 2 with slope ∓η/2 when the policy is the reference", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* evaluate(policyAgainstZero, 0, 0), [ln2, -0.25, 0.25])
      })
    )
    it.effect("equals −log σ(η·gap): a gap of 2 at η = 0.5 gives ln(1 + 1/e)", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* evaluate(policyAgainstZero, -1, -3), [0.31326, -0.13447, 0.13447])
      })
    )
    it.effect("stays finite at log-ratios of ±1000", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* evaluate(policyAgainstZero, 1000, -1000), [0, 0, 0])
        assert.deepStrictEqual(yield* evaluate(policyAgainstZero, -1000, 1000), [1000, -0.5, 0.5])
      })
    )
  })

  layer(Services)("bradleyTerry()", (it) => {
    it.effect("equals −log σ of the reward gap: equal rewards give ln 2, a gap of 1 gives ln(1 + 1/e)", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* evaluate(bradleyTerry, 3, 3), [ln2, -0.5, 0.5])
        assert.deepStrictEqual(yield* evaluate(bradleyTerry, 2, 1), [0.31326, -0.26894, 0.26894])
      })
    )
  })
})
