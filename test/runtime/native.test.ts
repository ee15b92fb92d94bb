import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import koffi from "koffi"
import { identityModel } from "../../src/runtime/identityModel.ts"
import { acquireEnvironment, releaseEnvironment } from "../../src/runtime/native/environment.ts"
import { type Functions, functions } from "../../src/runtime/native/functions.ts"
import { decodeText, encodeTexts, libraryPath, library, loadLibrary } from "../../src/runtime/native/library.ts"
import { attempt, check, created, takeStatus } from "../../src/runtime/native/status.ts"

const table = new URL("../../../shared/examples/onnxruntime-c-api/table.txt", import.meta.url)

const word = (f: (out: Int32Array) => bigint | null) => {
  const out = new Int32Array(1)
  check(f(out))
  return out[0]
}
const failure = (status: bigint | null) => {
  const failed = takeStatus(status)
  return failed && [failed.code, failed.detail]
}

describe("functions", () => {
  it.skipIf(!existsSync(table))("have the positions of the published header", () => {
    const positions = new Map(
      readFileSync(table, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split("|"))
        .map(([, position, name]) => [name, Number(position)])
    )
    assert.deepStrictEqual(
      Object.entries(functions).map(([name]) => [name, positions.get(name)]),
      Object.entries(functions).map(([name, [position]]) => [name, position])
    )
  })

  it("do what their names say, each of them", () => {
    const called = new Set<string>()
    const use = new Proxy(library().functions, {
      get: (target, name: keyof Functions) => {
        called.add(name)
        return target[name]
      }
    })
    // Called inside `takeStatus` and `acquireEnvironment` below.
    for (const name of ["GetErrorCode", "GetErrorMessage", "ReleaseStatus"] as const) called.add(name)

    const threading = created((out) => use.CreateThreadingOptions(out))
    check(use.SetGlobalIntraOpNumThreads(threading, 1))
    check(use.SetGlobalSpinControl(threading, 0))
    const environment = created((out) => use.CreateEnvWithGlobalThreadPools(4, "test", threading, out))
    use.ReleaseThreadingOptions(threading)

    const options = created((out) => use.CreateSessionOptions(out))
    check(use.DisablePerSessionThreads(options))
    check(use.SetSessionGraphOptimizationLevel(options, 0))
    check(use.EnableMemPattern(options))
    check(use.DisableMemPattern(options))
    check(use.DisableCpuMemArena(options))
    assert.deepStrictEqual(failure(use.AddSessionConfigEntry(options, "", "1")), [
      "INVALID_ARGUMENT",
      "Config key is empty or longer than maximum length 1024"
    ])
    check(use.SessionOptionsAppendExecutionProvider(options, "CPU", null, null, 0))
    assert.strictEqual(failure(use.EnableProfiling(options, "unused")), undefined)
    use.ReleaseSessionOptions(options)

    const plain = created((out) => use.CreateSessionOptions(out))
    check(use.DisablePerSessionThreads(plain))
    const model = identityModel("int64")
    const session = created((out) => use.CreateSessionFromArray(environment, model, model.length, plain, out))
    assert.deepStrictEqual(
      failure(use.CreateSession(environment, "nowhere.onnx", plain, new BigUint64Array(1)))?.[0],
      "NO_SUCHFILE"
    )
    assert.deepStrictEqual(
      [
        created((out) => use.SessionGetInputCount(session, out)),
        created((out) => use.SessionGetOutputCount(session, out))
      ],
      [1n, 1n]
    )

    const allocator = created((out) => use.GetAllocatorWithDefaultOptions(out))
    const names = [
      created((out) => use.SessionGetInputName(session, 0, allocator, out)),
      created((out) => use.SessionGetOutputName(session, 0, allocator, out))
    ]
    assert.deepStrictEqual(names.map(decodeText), ["x", "y"])
    const memoryBlock = created((out) => use.AllocatorAlloc(allocator, 64, out))
    assert.isTrue(memoryBlock > 0n)
    for (const address of [...names, memoryBlock]) check(use.AllocatorFree(allocator, address))

    for (const typeInfo of [
      created((out) => use.SessionGetInputTypeInfo(session, 0, out)),
      created((out) => use.SessionGetOutputTypeInfo(session, 0, out))
    ]) {
      assert.strictEqual(
        word((out) => use.GetOnnxTypeFromTypeInfo(typeInfo, out)),
        1
      )
      const info = created((out) => use.CastTypeInfoToTensorInfo(typeInfo, out))
      assert.strictEqual(
        word((out) => use.GetTensorElementType(info, out)),
        7
      )
      assert.strictEqual(
        created((out) => use.GetDimensionsCount(info, out)),
        0n
      )
      check(use.GetDimensions(info, new BigInt64Array(1), 0))
      check(use.GetSymbolicDimensions(info, new BigUint64Array(1), 0))
      assert.strictEqual(use.TensorTypeAndShape_HasShape(info), false)
      use.ReleaseTypeInfo(typeInfo)
    }

    const memory = created((out) => use.CreateMemoryInfo("Cpu", 0, 0, 0, out))
    const arena = created((out) => use.CreateAllocator(session, memory, out))
    use.ReleaseAllocator(arena)
    const data = [BigInt64Array.of(5n, -6n), BigInt64Array.of(0n, 0n)] as const
    const values = BigUint64Array.from(data, (array) =>
      created((out) =>
        use.CreateTensorWithDataAsOrtValue(memory, array, array.byteLength, BigInt64Array.of(2n), 1, 7, out)
      )
    )
    const [input = 0n, output = 0n] = values
    assert.strictEqual(
      created((out) => use.GetTensorMutableData(input, out)),
      koffi.address(data[0])
    )
    const runOptions = created((out) => use.CreateRunOptions(out))
    const [inputNames, outputNames] = [encodeTexts(["x"]), encodeTexts(["y"])]
    const run = () =>
      use.Run(
        session,
        runOptions,
        inputNames.addresses,
        BigUint64Array.of(input),
        1,
        outputNames.addresses,
        1,
        BigUint64Array.of(output)
      )
    check(run())
    assert.deepStrictEqual(data[1], BigInt64Array.of(5n, -6n))

    const binding = created((out) => use.CreateIoBinding(session, out))
    check(use.BindInput(binding, "x", input))
    check(use.BindOutput(binding, "y", output))
    check(use.SynchronizeBoundInputs(binding))
    data[0][0] = 8n
    check(use.RunWithBinding(session, runOptions, binding))
    assert.deepStrictEqual(data[1], BigInt64Array.of(8n, -6n))

    check(use.RunOptionsSetTerminate(runOptions))
    assert.deepStrictEqual(failure(run()), ["FAIL", "Exiting due to terminate flag being set to true."])
    check(use.AddInitializer(plain, "w", input))

    const provider = created((out) => use.CreateCUDAProviderOptions(out))
    const keys = encodeTexts(["nope"]).addresses
    assert.strictEqual(failure(use.UpdateCUDAProviderOptions(provider, keys, keys, 1))?.[0], "FAIL")
    assert.strictEqual(failure(use.SessionOptionsAppendExecutionProvider_CUDA_V2(plain, provider))?.[0], "FAIL")
    use.ReleaseCUDAProviderOptions(provider)

    const extent = BigUint64Array.of(1n)
    const strategy = encodeTexts(["arena_extend_strategy"]).addresses
    const arenaOptions = created((out) => use.CreateArenaCfgV2(strategy, extent, 1, out))
    const arenaMemory = created((out) => use.CreateMemoryInfo("Cpu", 1, 0, 0, out))
    check(use.CreateAndRegisterAllocator(environment, arenaMemory, arenaOptions))
    use.ReleaseMemoryInfo(arenaMemory)
    use.ReleaseArenaCfg(arenaOptions)

    use.ReleaseIoBinding(binding)
    use.ReleaseRunOptions(runOptions)
    for (const each of values) use.ReleaseValue(each)
    use.ReleaseMemoryInfo(memory)
    use.ReleaseSession(session)
    use.ReleaseSessionOptions(plain)
    use.ReleaseEnv(environment)
    assert.deepStrictEqual(
      Object.keys(functions).filter((name) => !called.has(name)),
      []
    )
  })
})

describe("loadLibrary()", () => {
  it.effect("fails with LibraryMissing and the path that was looked at", () =>
    Effect.gen(function* () {
      const path = libraryPath("plan9", "mips")
      const error = yield* Effect.flip(attempt({ action: "start", subject: "ONNX Runtime" }, () => loadLibrary(path)))
      assert.strictEqual(
        error.message,
        `Cannot start "ONNX Runtime": found no library at "${path}" that loads, wanted the one of onnxruntime-node 1.30 (run "npm ci")`
      )
    })
  )
})

describe("encodeTexts()", () => {
  it("gives the address of each text, zero-terminated, in UTF-8", () => {
    const { addresses } = encodeTexts(["x", "", "Wörter", "y"])
    assert.deepStrictEqual(Array.from(addresses, decodeText), ["x", "", "Wörter", "y"])
  })
})

describe("acquireEnvironment()", () => {
  it("is one environment until its last user lets go", () => {
    const first = acquireEnvironment(2)
    assert.strictEqual(acquireEnvironment(2), first)
    releaseEnvironment()
    assert.strictEqual(typeof first.address, "bigint")
    releaseEnvironment()
    assert.throws(() => first.address, /the scope of the environment has been closed/)
  })
})
