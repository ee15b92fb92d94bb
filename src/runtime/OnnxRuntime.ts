import { availableParallelism } from "node:os"
import { Context, Effect, Layer, type Scope, Semaphore } from "effect"
import { type Device, devices } from "./Device.ts"
import { openDeviceMemory } from "./DeviceMemory.ts"
import type { Engine } from "./Engine.ts"
import type { RuntimeError } from "./errors.ts"
import { acquireEnvironment, releaseEnvironment } from "./native/environment.ts"
import { Handle } from "./native/Handle.ts"
import { library } from "./native/library.ts"
import { RunThread } from "./native/RunThread.ts"
import { attempt, created } from "./native/status.ts"
import { openSession } from "./openSession.ts"
import type { Session } from "./Session.ts"
import type { SessionOptions } from "./SessionOptions.ts"
import { type TensorMoves, tensorMoves } from "./tensorMoves.ts"

/** Native calls at once: libuv has four threads, and one more call would only wait inside it. */
const callsAtOnce = 4

const openEngine = Effect.fnUntraced(function* (device: Device, threads: number) {
  const doing = { action: "start", subject: "ONNX Runtime" } as const
  const environment = yield* Effect.acquireRelease(
    attempt(doing, () => acquireEnvironment(threads)),
    () => Effect.sync(releaseEnvironment)
  )
  const hostMemory = yield* Effect.acquireRelease(
    attempt(doing, () => {
      const { functions } = library()
      const address = created((out) => functions.CreateMemoryInfo("Cpu", 0, 0, 0, out))
      return new Handle({ what: "host memory", address, release: functions.ReleaseMemoryInfo })
    }),
    (handle) => Effect.sync(() => handle.release())
  )
  const thread = yield* Effect.acquireRelease(
    Effect.sync(() => new RunThread()),
    (open) => Effect.promise(() => open.close())
  )
  const gate = yield* Semaphore.make(callsAtOnce)
  const engine: Engine = { device, row: devices[device], environment, hostMemory, thread, gate }
  return engine
})

/**
 * ONNX Runtime on one device: makes tensors and opens models. Nothing is loaded before the layer is built.
 *
 * Fails    LibraryMissing, ThreadsFixed, DeviceAbsent, StatusFailed (by the layer)
 */
export class OnnxRuntime extends Context.Service<
  OnnxRuntime,
  TensorMoves & {
    readonly version: string
    readonly device: Device
    readonly threads: number
    /** Where `slice` may begin: at any entry, or only at the first. */
    readonly slices: "anywhere" | "front"
    readonly session: (options: SessionOptions) => Effect.Effect<Session, RuntimeError, Scope.Scope>
  }
>()("prefloop/runtime/OnnxRuntime") {
  /** `threads` of one pool for all sessions, by default one per processor; runtimes of one process agree on it. */
  static readonly layer = (
    options: { readonly threads?: number | undefined; readonly device?: Device } = {}
  ): Layer.Layer<OnnxRuntime, RuntimeError> => {
    const { device = "cpu", threads = availableParallelism() } = options
    const make = Effect.gen(function* () {
      const engine = yield* openEngine(device, threads)
      const { memory } = engine.row
      const deviceMemory = memory === undefined ? undefined : yield* openDeviceMemory(engine, memory)
      return OnnxRuntime.of({
        version: library().version,
        device,
        threads,
        slices: engine.row.slices,
        ...tensorMoves(engine, deviceMemory),
        session: (sessionOptions) => openSession(engine, sessionOptions)
      })
    })
    return Layer.effect(OnnxRuntime, make)
  }
}
