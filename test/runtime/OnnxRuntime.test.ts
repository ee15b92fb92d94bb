import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { assert, describe, it as test, layer } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope } from "effect"
import { elementTypes, type ElementType, type TypedArray } from "../../src/runtime/ElementType.ts"
import { identityModel } from "../../src/runtime/identityModel.ts"
import { OnnxRuntime, type RuntimeError } from "../../src/runtime/mod.ts"
import { openHandles } from "../../src/runtime/native/Handle.ts"
import { longChain, square, sumAndProduct } from "./tinyModel.ts"

setFlagsFromString("--expose-gc")
const collectGarbage: () => void = runInNewContext("gc")

const floats = (...values: ReadonlyArray<number>) => Float32Array.from(values)

const port = (name: string) => ({ name, type: "float32", shape: ["rows", 2], anyShape: false })

const messageOf = (effect: Effect.Effect<unknown, RuntimeError, OnnxRuntime | Scope.Scope>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)

/** What the output of a long run holds until its last step, which would make it 0. */
const untouched = 7

/** A session that runs for seconds where nobody stops it: 2·400³ operations in each of 4 000 steps. */
const openLong = Effect.gen(function* () {
  const runtime = yield* OnnxRuntime
  const size = 400
  const session = yield* runtime.session({ name: "long", model: longChain(4000, size) })
  const zeros = () => runtime.allocate("float32", [size, size])
  const y = yield* runtime.tensor(new Float32Array(size * size).fill(untouched), [size, size])
  return { session, feeds: { x: yield* zeros(), w: yield* zeros() }, fetches: { y } }
})

/** Waits until so many more handles are open than before, and then until the run that opened the last is well under way. */
const underWay = Effect.fnUntraced(function* (before: number, more: number) {
  while (openHandles() < before + more) yield* Effect.sleep(1)
  yield* Effect.sleep(50)
})

layer(OnnxRuntime.layer({ threads: 2 }), { excludeTestServices: true })("OnnxRuntime", (it) => {
  it.effect("tells what it is", () =>
    Effect.gen(function* () {
      const { device, threads, version } = yield* OnnxRuntime
      assert.deepStrictEqual({ device, threads, version }, { device: "cpu", threads: 2, version: "1.30.0" })
    })
  )

  it.effect("session() tells inputs and outputs with named dimensions", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const { inputs, name, outputs } = yield* runtime.session({ name: "two", model: sumAndProduct })
      assert.deepStrictEqual(
        { name, inputs, outputs },
        {
          name: "two",
          inputs: [port("a"), port("b")],
          outputs: [port("sum"), port("product")]
        }
      )
    })
  )

  it.effect("run() writes into the caller's arrays, and only what is fetched", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({ name: "two", model: sumAndProduct })
      const a = yield* runtime.tensor(floats(1, 2, 3, 4), [2, 2])
      const b = yield* runtime.tensor(floats(5, 6, 7, 8), [2, 2])
      const data = floats(0, 0, 0, 0)
      const product = yield* runtime.tensor(data, [2, 2])
      yield* session.run({ a, b }, { product })
      assert.deepStrictEqual([data, product.data === data], [floats(5, 12, 21, 32), true])
    })
  )

  it.effect("slice() is the same memory, to be read and written", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({ name: "square", model: square })
      const whole = yield* runtime.tensor(floats(1, 2, 3, 4, 5), [5])
      const from = yield* runtime.slice(whole, { from: 3, count: 2 })
      const to = yield* runtime.slice(whole, { from: 1, count: 2 })
      yield* session.run({ x: from }, { y: to })
      assert.deepStrictEqual([whole.data, from.shape, to.data], [floats(1, 16, 25, 4, 5), [2], floats(16, 25)])
    })
  )

  it.effect("run() updates in place a tensor that is on both sides", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({ name: "square", model: square })
      const x = yield* runtime.tensor(floats(1, 2, 3), [3])
      yield* session.run({ x }, { y: x })
      yield* session.run({ x }, { y: x })
      assert.deepStrictEqual(x.data, floats(1, 16, 81))
    })
  )

  it.effect("run() reads the part of an array that a subarray covers, and empty tensors", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({ name: "square", model: square })
      const all = floats(1, 2, 3, 4)
      const x = yield* runtime.tensor(all.subarray(1, 3), [2])
      yield* session.run({ x }, { y: x })
      const empty = yield* runtime.allocate("float32", [0])
      yield* session.run({ x: empty }, { y: yield* runtime.allocate("float32", [0]) })
      assert.deepStrictEqual(all, floats(1, 4, 9, 4))
    })
  )

  it.effect("run() carries every element type, scalars among them", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const samples: Readonly<Record<ElementType, TypedArray>> = {
        float32: floats(-1.5),
        float64: Float64Array.of(Math.PI),
        float16: Float16Array.of(0.5),
        bfloat16: Uint16Array.of(0x3fc0),
        int64: BigInt64Array.of(-(2n ** 62n)),
        int32: Int32Array.of(-7),
        int8: Int8Array.of(-8),
        uint8: Uint8Array.of(255),
        bool: Uint8Array.of(1)
      }
      const types = Object.keys(elementTypes) as ReadonlyArray<ElementType> // as: the keys of the table
      for (const type of types) {
        const session = yield* runtime.session({ name: type, model: identityModel(type) })
        const y = yield* runtime.allocate(type, [])
        yield* session.run({ x: yield* runtime.tensor(samples[type], [], type) }, { y })
        assert.deepStrictEqual(y.data, samples[type])
      }
    })
  )

  it.effect("tensor() keeps its array until its scope closes, and no longer", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const scope = yield* Scope.make()
      const borrow = Effect.suspend(() => {
        const data = new Float32Array(100_000)
        return Effect.as(runtime.tensor(data, [100_000]), new WeakRef(data))
      })
      const arrays = yield* Effect.forEach(Array.from({ length: 10 }), () => Scope.provide(borrow, scope))
      const alive = Effect.gen(function* () {
        yield* Effect.sleep(1) // a weak reference that was read holds its array until the next turn of the event loop
        collectGarbage()
        return arrays.filter((array) => array.deref() !== undefined).length
      })
      const open = yield* alive
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual([open, yield* alive], [10, 0])
    })
  )

  it.effect("tensor() refuses an array of another size or class, naming both", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      assert.deepStrictEqual(
        [
          yield* messageOf(runtime.tensor(floats(1, 2, 3), [2, 2])),
          yield* messageOf(runtime.tensor(floats(1), [1], "int64")),
          yield* messageOf(runtime.upload(yield* runtime.allocate("int32", [2]), floats(1, 2)))
        ],
        [
          'Cannot make "float32 [2, 2]": found Float32Array of 3, wanted Float32Array of 4 for float32 [2, 2]',
          'Cannot make "int64 [1]": found Float32Array of 1, wanted BigInt64Array of 1 for int64 [1]',
          'Cannot copy "int32 [2]": found Float32Array of 2, wanted Int32Array of 2 for int32 [2]'
        ]
      )
    })
  )

  it.effect("allocate() gives zeros; upload() and download() move all elements", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const tensor = yield* runtime.allocate("int64", [2, 1])
      const before = BigInt64Array.from(yield* runtime.download(tensor), BigInt)
      yield* runtime.upload(tensor, BigInt64Array.of(3n, -4n))
      assert.deepStrictEqual(
        [before, yield* runtime.download(tensor)],
        [BigInt64Array.of(0n, 0n), BigInt64Array.of(3n, -4n)]
      )
    })
  )

  it.effect("bind() runs again over the same arrays, rewritten", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({ name: "square", model: square })
      const input = floats(1, 2)
      const x = yield* runtime.tensor(input, [2])
      const y = yield* runtime.allocate("float32", [2])
      const binding = yield* session.bind({ x }, { y })
      yield* binding.run
      const first = Float32Array.from(yield* runtime.download(y), Number)
      input.set([3, 4])
      yield* Effect.all([binding.run, binding.run], { concurrency: 2 })
      assert.deepStrictEqual([first, y.data], [floats(1, 4), floats(9, 16)])
    })
  )

  it.effect("runs at the same time on one session give each its own answer", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({ name: "square", model: square })
      const length = 300_000
      const results = yield* Effect.forEach(
        Array.from({ length: 8 }, (_, i) => i),
        (i) =>
          Effect.gen(function* () {
            const x = yield* runtime.tensor(new Float32Array(length).fill(i), [length])
            const y = yield* runtime.allocate("float32", [length])
            yield* session.run({ x }, { y })
            return y.data?.every((value) => value === i * i)
          }),
        { concurrency: 8 }
      )
      assert.deepStrictEqual(
        results,
        Array.from({ length: 8 }, () => true)
      )
    })
  )

  it.effect("interruption ends a long run while the event loop turns, and the session goes on", () =>
    Effect.gen(function* () {
      const { feeds, fetches, session } = yield* openLong
      const before = openHandles()
      let ticks = 0
      const timer = setInterval(() => ticks++, 5)
      for (const round of [1, 2]) {
        const fiber = yield* Effect.forkChild(session.run(feeds, fetches))
        yield* underWay(before, 1)
        assert.strictEqual(fiber.pollUnsafe(), undefined)
        yield* Fiber.interrupt(fiber)
        const stopped = fetches.y.data?.every((value) => value === untouched)
        assert.deepStrictEqual([round, stopped, ticks > 0], [round, true, true])
      }
      clearInterval(timer)
    })
  )

  it.effect("interruption waits for the run to end before anything is released", () =>
    Effect.gen(function* () {
      const before = openHandles()
      const fiber = yield* Effect.forkChild(
        Effect.scoped(Effect.flatMap(openLong, ({ feeds, fetches, session }) => session.run(feeds, fetches)))
      )
      // The session, three tensors and the run.
      yield* underWay(before, 5)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(openHandles(), before)
    })
  )

  it.effect("runs of one binding follow each other, runs of a session do not", () =>
    Effect.gen(function* () {
      const { feeds, fetches, session } = yield* openLong
      const binding = yield* session.bind(feeds, fetches)
      const before = openHandles()
      const counts: Array<number> = []
      for (const run of [binding.run, session.run(feeds, fetches)]) {
        const fibers = yield* Effect.forEach([run, run], (each) => Effect.forkChild(each))
        yield* underWay(before, 1)
        counts.push(openHandles() - before)
        yield* Fiber.interruptAll(fibers)
      }
      assert.deepStrictEqual(counts, [1, 2])
    })
  )

  it.effect("closing a session stops its runs with Terminated", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { feeds, fetches, session } = yield* Scope.provide(openLong, scope)
      const before = openHandles()
      const fiber = yield* Effect.forkChild(Effect.flip(session.run(feeds, fetches)))
      yield* underWay(before, 1)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(
        (yield* Fiber.join(fiber)).message,
        'Cannot run "long": its session was closed during the run, wanted a session that stays open until its runs end'
      )
    })
  )

  it.effect("what a closed scope held fails with Released", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const open = runtime.session({ name: "square", model: square })
      const x = yield* runtime.tensor(floats(1), [1])
      const closed = {
        session: yield* Effect.scoped(open),
        tensor: yield* Effect.scoped(runtime.tensor(floats(1), [1])),
        binding: yield* Effect.scoped(Effect.flatMap(open, (session) => session.bind({ x }, { y: x })))
      }
      const session = yield* open
      assert.deepStrictEqual(
        [
          yield* messageOf(closed.session.run({ x }, { y: x })),
          yield* messageOf(session.run({ x: closed.tensor }, { y: x })),
          yield* messageOf(closed.binding.run)
        ],
        [
          'Cannot run "square": the scope of session "square" has been closed, wanted it open',
          'Cannot run "square": the scope of tensor float32 [1] has been closed, wanted it open',
          'Cannot run "square": the scope of a binding of session "square" has been closed, wanted it open'
        ]
      )
    })
  )

  it.effect("2 000 runs with tensors of their own leave no handle open and no memory behind", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const session = yield* runtime.session({ name: "square", model: square })
      const length = 16_384 // 64 KiB: 2 000 runs that kept their two tensors would hold 250 MiB
      const once = Effect.scoped(
        Effect.gen(function* () {
          const x = yield* runtime.allocate("float32", [length])
          yield* session.run({ x }, { y: yield* runtime.allocate("float32", [length]) })
        })
      )
      yield* Effect.repeat(once, { times: 500 })
      collectGarbage()
      const before = { handles: openHandles(), memory: process.memoryUsage().rss }
      yield* Effect.repeat(once, { times: 2000 })
      collectGarbage()
      assert.strictEqual(openHandles(), before.handles)
      assert.isBelow(process.memoryUsage().rss - before.memory, 64 << 20)
    })
  )
})

const threadsOf = (threads: number) =>
  OnnxRuntime.use((runtime) => Effect.succeed(runtime.threads)).pipe(
    Effect.provide(OnnxRuntime.layer({ threads }), { local: true })
  )

describe("OnnxRuntime.layer()", () => {
  test.effect("refuses another number of threads while one runtime is open, and takes it afterwards", () =>
    Effect.gen(function* () {
      const inside = yield* OnnxRuntime.use(() => messageOf(threadsOf(2))).pipe(
        Effect.provide(OnnxRuntime.layer({ threads: 1 }))
      )
      assert.deepStrictEqual(
        [inside, yield* threadsOf(2)],
        ['Cannot start "ONNX Runtime": found a runtime with 1 threads open in this process, wanted 2 threads', 2]
      )
    })
  )
})
