import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { assert, describe, it as test, layer } from "@effect/vitest"
import { Effect } from "effect"
import { elementTypes, type ElementType, type TypedArray } from "../../src/runtime/ElementType.ts"
import { type Device, OnnxRuntime } from "../../src/runtime/mod.ts"
import { libraryPath } from "../../src/runtime/native/library.ts"
import { openHandles } from "../../src/runtime/native/Handle.ts"
import { square, tinyModel } from "./tinyModel.ts"

/** A Vulkan driver is named, a software one will do: the WebGPU laws run. */
const vulkan = process.env["VK_ICD_FILENAMES"] !== undefined

/** The CUDA libraries of onnxruntime-node have been downloaded: the CUDA laws run. */
const cuda = existsSync(join(dirname(libraryPath()), "libonnxruntime_providers_cuda.so"))

const floats = (...values: ReadonlyArray<number>) => Float32Array.from(values)

const absenceOf = (device: Device) =>
  Effect.flip(Effect.provide(OnnxRuntime.use(Effect.succeed), OnnxRuntime.layer({ device, threads: 1 }))).pipe(
    Effect.map(({ message, reason }) => [reason._tag, message] as const)
  )

describe("OnnxRuntime.layer()", () => {
  test.effect.skipIf(cuda)("fails with DeviceAbsent and the command that installs CUDA", () =>
    Effect.gen(function* () {
      const [tag, message] = yield* absenceOf("cuda")
      assert.strictEqual(tag, "DeviceAbsent")
      assert.match(
        message,
        /^Cannot start "ONNX Runtime": found no cuda device \(Failed to load library .*\), wanted an NVIDIA driver, .* run "node node_modules\/onnxruntime-node\/script\/install --onnxruntime-node-install=cuda12"$/
      )
    })
  )

  test.effect.skipIf(vulkan || process.platform !== "linux")("fails with DeviceAbsent and what WebGPU needs", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* absenceOf("webgpu"), [
        "DeviceAbsent",
        'Cannot start "ONNX Runtime": found no webgpu device (Failed to get a WebGPU adapter: No supported adapters), wanted a GPU with its driver (on Linux also the Vulkan loader, libvulkan.so.1) and an onnxruntime-node built with WebGPU: Linux x64, macOS arm64, Windows'
      ])
    })
  )

  test.effect("leaves no handle open when the device is absent, and the processor still works", () =>
    Effect.gen(function* () {
      const before = openHandles()
      yield* Effect.exit(absenceOf("cuda"))
      const device = yield* Effect.provide(
        OnnxRuntime.use((runtime) => Effect.succeed(runtime.device)),
        OnnxRuntime.layer({ threads: 2 })
      )
      assert.deepStrictEqual([openHandles(), device], [before, "cpu"])
    })
  )
})

const samples: Readonly<Record<ElementType, TypedArray>> = {
  float32: floats(-1.5, 2),
  float64: Float64Array.of(Math.PI, -0),
  float16: Float16Array.of(0.5, -2),
  bfloat16: Uint16Array.of(0x3fc0, 1),
  int64: BigInt64Array.of(-(2n ** 62n), 3n),
  int32: Int32Array.of(-7, 7),
  int8: Int8Array.of(-8, 8),
  uint8: Uint8Array.of(255, 1),
  bool: Uint8Array.of(1, 0)
}

/** y = x·w + w for a weight of [2], so that a weight is read by two nodes. */
const weighted = tinyModel({
  inputs: { x: { shape: ["n", 2] } },
  outputs: { y: { shape: ["n", 2] } },
  nodes: [
    { op: "Mul", inputs: ["x", "w"], outputs: ["m"] },
    { op: "Add", inputs: ["m", "w"], outputs: ["y"] }
  ],
  initializers: { w: { shape: [2], data: floats(0, 0) } }
})

/** What ONNX Runtime calls each device. */
const providers: Readonly<Record<Device, string>> = {
  cpu: "CPUExecutionProvider",
  cuda: "CUDAExecutionProvider",
  webgpu: "WebGpuExecutionProvider"
}

const laws = (device: Device) =>
  layer(OnnxRuntime.layer({ device, threads: 2 }), { excludeTestServices: true })(`on ${device}`, (it) => {
    for (const type of Object.keys(elementTypes) as ReadonlyArray<ElementType> /* as: the keys of the table */) {
      it.effect(`allocate() gives zeros of ${type}, upload() and download() move them`, () =>
        Effect.gen(function* () {
          const runtime = yield* OnnxRuntime
          const tensor = yield* runtime.allocate(type, [2, 1])
          const before = yield* runtime.download(tensor)
          yield* runtime.upload(tensor, samples[type])
          const after = yield* runtime.download(tensor)
          assert.deepStrictEqual([tensor.data, Array.from(before, Number), after], [undefined, [0, 0], samples[type]])
        })
      )
    }

    it.effect("run() and bind() read host tensors anew, and write host and device tensors", () =>
      Effect.gen(function* () {
        const runtime = yield* OnnxRuntime
        const session = yield* runtime.session({ name: "square", model: square })
        const input = floats(1, 2)
        const x = yield* runtime.tensor(input, [2])
        const host = yield* runtime.tensor(floats(0, 0), [2])
        const there = yield* runtime.allocate("float32", [2])
        const toHost = yield* session.bind({ x }, { y: host })
        const toDevice = yield* session.bind({ x }, { y: there })
        yield* toHost.run
        const first = Array.from(host.data ?? [], Number)
        input.set([3, 4])
        yield* toHost.run
        yield* toDevice.run
        const answers = [first, Array.from(host.data ?? [], Number), Array.from(yield* runtime.download(there), Number)]
        input.set([5, 6])
        yield* session.run({ x }, { y: there })
        answers.push(Array.from(yield* runtime.download(there), Number))
        assert.deepStrictEqual(answers, [
          [1, 4],
          [9, 16],
          [9, 16],
          [25, 36]
        ])
      })
    )

    it.effect("run() and bind() update a tensor of the device in place", () =>
      Effect.gen(function* () {
        const runtime = yield* OnnxRuntime
        const session = yield* runtime.session({ name: "square", model: square })
        const x = yield* runtime.allocate("float32", [2])
        yield* runtime.upload(x, floats(2, 3))
        yield* session.run({ x }, { y: x })
        const binding = yield* session.bind({ x }, { y: x })
        yield* binding.run
        assert.deepStrictEqual(yield* runtime.download(x), floats(16, 81))
      })
    )

    it.effect("a session reads live initializers in the memory of the device", () =>
      Effect.gen(function* () {
        const runtime = yield* OnnxRuntime
        const w = yield* runtime.allocate("float32", [2])
        yield* runtime.upload(w, floats(10, 20))
        const session = yield* runtime.session({
          name: "weighted",
          model: weighted,
          initializers: { w },
          prepack: false
        })
        const x = yield* runtime.tensor(floats(1, 2), [1, 2])
        const y = yield* runtime.allocate("float32", [1, 2])
        yield* session.run({ x }, { y })
        const first = yield* runtime.download(y)
        yield* runtime.upload(w, floats(1, 1))
        yield* session.run({ x }, { y })
        assert.deepStrictEqual([first, yield* runtime.download(y)], [floats(20, 60), floats(2, 3)])
      })
    )

    it.effect("nodes run there", () =>
      Effect.gen(function* () {
        const runtime = yield* OnnxRuntime
        const folder = mkdtempSync(join(tmpdir(), "prefloop-device-"))
        yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(folder, { recursive: true })))
        const run = Effect.gen(function* () {
          const session = yield* runtime.session({ name: "square", model: square, profile: join(folder, "times") })
          const x = yield* runtime.tensor(floats(1, 2), [2])
          yield* session.run({ x }, { y: x })
        })
        yield* Effect.scoped(run)
        const [file = ""] = readdirSync(folder)
        const events: ReadonlyArray<{ readonly name: string; readonly args?: { readonly provider?: string } }> =
          JSON.parse(readFileSync(join(folder, file), "utf8"))
        assert.deepStrictEqual(
          events.filter(({ name }) => name === "Mul_kernel_time").map(({ args }) => args?.provider),
          [providers[device]]
        )
      })
    )

    it.effect("what is allocated is freed with its scope", () =>
      Effect.gen(function* () {
        const runtime = yield* OnnxRuntime
        const before = openHandles()
        const during = yield* Effect.scoped(
          Effect.map(runtime.allocate("float32", [1000]), () => openHandles() - before)
        )
        // The tensor and its memory.
        assert.deepStrictEqual([during, openHandles() - before], [2, 0])
      })
    )
  })

describe.skipIf(!vulkan)("WebGPU (needs VK_ICD_FILENAMES and a libvulkan that loads)", () => laws("webgpu"))

describe.skipIf(!cuda)("CUDA (needs the CUDA libraries of onnxruntime-node)", () => laws("cuda"))
