import type { Worker } from "node:worker_threads"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Scope } from "effect"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { openReader, readerModel, readers, weight } from "./reader.ts"

const threadOf = <A, E, R>(first: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    let worker: Worker | undefined
    const hear = (started: Worker) => (worker = started)
    process.once("worker", hear)
    const given = yield* first
    process.off("worker", hear)
    return { given, worker }
  })

const openRun = Effect.gen(function* () {
  const { nodes, wanted } = readers["Gemm"] ?? { nodes: [], wanted: [] }
  const run = yield* openReader({ model: readerModel({ nodes, wanted }, { shape: [2, 2], data: weight }) })
  return { run, wanted }
})

it.effect(
  "runs have a thread of their own; beside another run, and where the thread broke, they have one of the pool's",
  () =>
    Effect.gen(function* () {
      const { run, wanted } = yield* openRun
      const { given, worker } = yield* threadOf(run)
      let calls = 0
      worker?.on("message", () => (calls += 1))
      yield* Effect.repeat(run, { until: () => calls > 0 }) // the pool runs what comes before the thread is up
      const four = yield* Effect.all([run, run, run, run], { concurrency: "unbounded" })
      yield* Effect.promise(async () => worker?.terminate())
      const before = calls
      const last = yield* run
      assert.deepStrictEqual([given, ...four, last], Array<typeof wanted>(6).fill(wanted))
      assert.isAtLeast(before, 2)
      assert.isBelow(before, 5)
      assert.strictEqual(calls, before)
    }).pipe(Effect.provide(OnnxRuntime.layer({ threads: 2 })))
)

it.effect("the thread ends with the runtime, also while it starts", () =>
  Effect.gen(function* () {
    for (let i = 0; i < 10; i++) {
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(OnnxRuntime.layer({ threads: 2 }), scope)
      const opened = openRun.pipe(Effect.flatMap(({ run }) => run))
      const { worker } = yield* threadOf(opened.pipe(Effect.scoped, Effect.provide(context)))
      const ended = Effect.callback<number>(
        (resume) => void worker?.once("exit", (code) => resume(Effect.succeed(code)))
      )
      const [code] = yield* Effect.all([ended, Scope.close(scope, Exit.void)], { concurrency: "unbounded" })
      assert.strictEqual(code, 0)
    }
  })
)
