import { Effect } from "effect"
import { Ops, serialize, verifyAliases } from "../graph/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"
import type { ParameterStore } from "./ParameterStore.ts"

/** Settings of AdamW. Domain: learningRate ≥ 0, 0 ≤ beta1, beta2 < 1, epsilon > 0, weightDecay ≥ 0. */
export interface AdamWOptions {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
}

/** What one update is told. `step` counts from 1; `gradientScale` is what clipping multiplies the gradient with. */
export interface Update {
  readonly step: number
  readonly learningRate: number
  readonly gradientScale: number
}

const aliases = [
  { input: "value", output: "valueNext" },
  { input: "first", output: "firstNext" },
  { input: "second", output: "secondNext" }
]

/** value, gradient, first, second: [n]; every other input a scalar. Outputs are written over the inputs of the same name. */
const updateGraph = (options: AdamWOptions): Uint8Array => {
  const op = new Ops("adamW")
  const vector = (name: string) => op.input(name, "float32", ["n"])
  const scalar = (name: string) => op.input(name, "float32", [])
  const [value, first, second] = [vector("value"), vector("first"), vector("second")]
  const gradient = op.Mul(vector("gradient"), scalar("gradientScale"))
  const blend = (old: typeof value, beta: number, fresh: typeof value) =>
    op.Add(op.Mul(old, op.scalar(beta)), op.Mul(fresh, op.scalar(1 - beta)))
  const firstNext = blend(first, options.beta1, gradient)
  const secondNext = blend(second, options.beta2, op.Mul(gradient, gradient))
  // lr·(m/c₁) / (√(v/c₂) + ε), the corrections c folded into two scalars
  const direction = op.Div(
    firstNext,
    op.Add(op.Mul(op.Sqrt(secondNext), scalar("secondCorrection")), op.scalar(options.epsilon))
  )
  const valueNext = op.Sub(op.Mul(value, scalar("keep")), op.Mul(direction, scalar("rate")))
  op.output(valueNext, "valueNext")
  op.output(firstNext, "firstNext")
  op.output(secondNext, "secondNext")
  const graph = op.build()
  verifyAliases(graph, aliases)
  return serialize(graph)
}

/**
 * AdamW with decoupled weight decay, in place, bucket by bucket so that what it touches stays in the processor's cache.
 *
 * Source   Loshchilov and Hutter, arXiv:1711.05101; no decay on norms and biases.
 * Fails    RuntimeError.
 */
export const makeAdamW = Effect.fnUntraced(function* (store: ParameterStore, options: AdamWOptions) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "adamW", model: updateGraph(options) })
  const numbers = {
    gradientScale: new Float32Array(1),
    secondCorrection: new Float32Array(1),
    rate: new Float32Array(1),
    keep: new Float32Array(1)
  }
  const scalars: Record<string, Tensor> = {}
  for (const [name, data] of Object.entries(numbers)) scalars[name] = yield* runtime.tensor(data, [])
  const bindings = yield* Effect.forEach(store.buckets, ({ value, gradient, first, second, decays }) =>
    Effect.map(
      session.bind(
        { value, gradient, first, second, ...scalars },
        { valueNext: value, firstNext: first, secondNext: second }
      ),
      (binding) => ({ binding, decays })
    )
  )
  return Effect.fnUntraced(function* (update: Update) {
    numbers.gradientScale[0] = update.gradientScale
    numbers.secondCorrection[0] = 1 / Math.sqrt(1 - options.beta2 ** update.step)
    numbers.rate[0] = update.learningRate / (1 - options.beta1 ** update.step)
    for (const { binding, decays } of bindings) {
      numbers.keep[0] = decays ? 1 - update.learningRate * options.weightDecay : 1
      yield* binding.run
    }
  })
})
