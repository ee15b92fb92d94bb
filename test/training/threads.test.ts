import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Path } from "effect"
import { initialize } from "../../src/checkpoint/mod.ts"
import { chooseLoss } from "../../src/loss/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { train } from "../../src/training/mod.ts"
import { bytesOf, request } from "./request.ts"

/** A config whose layers are wide enough for the kernels to split their work. */
const widen = (text: string, hidden: number): string =>
  JSON.stringify({
    ...JSON.parse(text),
    hidden_size: hidden,
    intermediate_size: 512,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: hidden / 8
  })

const runtime = (threads: number) => OnnxRuntime.layer({ threads }).pipe(Layer.provideMerge(NodeServices.layer))

const phases = {
  dpo: { hidden: 256, objective: chooseLoss("dpo", { klCoefficient: 0.1 }) },
  // one token of each of 20 responses is read, and half of the outputs is narrow enough to be summed in another order
  bradleyTerry: { hidden: 128, objective: chooseLoss("bradleyTerry", {}) }
} as const

const trained = (threads: number, { hidden, objective }: (typeof phases)[keyof typeof phases]) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const { into, made, steps } = yield* request
    const shape = path.join(path.dirname(into), "shape")
    yield* fs.copy("fixtures/garden/model", shape)
    const config = path.join(shape, "config.json")
    yield* fs.writeFileString(config, widen(yield* fs.readFileString(config), hidden))
    const from = path.join(path.dirname(into), "from")
    yield* initialize({ from: shape, into: from, seed: 1 })
    yield* train({ ...made, objective, from, reference: from, batchSize: 10, microBatchSize: 10, epochs: 3 })
    return { bytes: yield* bytesOf(into), losses: steps.map(({ loss }) => loss) }
  }).pipe(Effect.scoped, Effect.provide(runtime(threads)))

describe("train() on another number of threads", () => {
  for (const [name, phase] of Object.entries(phases)) {
    it.effect(`writes the same bytes on one thread and on two: ${name}`, () =>
      Effect.gen(function* () {
        const one = yield* trained(1, phase)
        const two = yield* trained(2, phase)
        assert.deepStrictEqual(two.losses, one.losses)
        assert.isTrue(two.bytes === one.bytes)
        assert.notStrictEqual(one.losses[0], one.losses[2])
      })
    )
  }
})
