import { assert, layer } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { dummy, openReader, readerModel, readers, weight } from "./reader.ts"

layer(OnnxRuntime.layer({ threads: 2 }))("Session with given initializers", (it) => {
  for (const [name, reader] of Object.entries(readers)) {
    for (const optimization of ["none", "basic", "extended", "all"] as const) {
      it.effect(`reads a live initializer at each run through ${name}, optimization ${optimization}`, () =>
        Effect.gen(function* () {
          const runtime = yield* OnnxRuntime
          const { shape = [2, 2], wanted } = reader
          const data = weight.slice(0, shape.length ** 2)
          const w = yield* runtime.tensor(data, shape)
          const model = readerModel(reader, { shape, data: new Float32Array(data.length) })
          const run = yield* openReader({ model, optimization, initializers: { w }, prepack: false })
          const first = yield* run
          data.fill(0)
          const second = yield* run
          data.set(weight.subarray(0, data.length))
          assert.deepStrictEqual([first, yield* run], [wanted, wanted])
          assert.notDeepEqual(second, wanted)
        })
      )
    }
  }

  it.effect("keeps a given initializer's first values where it prepacks", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const data = Float32Array.from(weight)
      const w = yield* runtime.tensor(data, [2, 2])
      const gemm = readers["Gemm"] ?? { nodes: [], wanted: [] }
      const run = yield* openReader({ model: readerModel(gemm, dummy), initializers: { w } })
      data.fill(0)
      assert.deepStrictEqual(yield* run, gemm.wanted)
    })
  )

  it.effect("reads a given initializer after the scope of its tensor has closed", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const gemm = readers["Gemm"] ?? { nodes: [], wanted: [] }
      const scope = yield* Scope.make()
      const w = yield* Scope.provide(runtime.tensor(Float32Array.from(weight), [2, 2]), scope)
      const run = yield* openReader({ model: readerModel(gemm, dummy), initializers: { w }, prepack: false })
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(yield* run, gemm.wanted)
    })
  )
})
