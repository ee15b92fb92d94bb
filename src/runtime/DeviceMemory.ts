import { Effect, Scope } from "effect"
import { type ElementType, elementTypes } from "./ElementType.ts"
import type { Engine } from "./Engine.ts"
import { DeviceAbsent, RuntimeError } from "./errors.ts"
import { identityModel } from "./identityModel.ts"
import { Handle } from "./native/Handle.ts"
import { library } from "./native/library.ts"
import { attempt, created, type Doing } from "./native/status.ts"
import { openParts } from "./openSession.ts"
import { makeSession, type Session } from "./Session.ts"
import type { Tensor } from "./Tensor.ts"

/** Memory of a device, who gives it, and a way to fill it. */
export interface DeviceMemory {
  readonly memory: Handle
  readonly allocator: Handle
  /** Copies between two tensors of one type and shape, wherever each of them is. Fails   StatusFailed, Released */
  readonly copy: (from: Tensor, to: Tensor) => Effect.Effect<void, RuntimeError>
}

const types = Object.keys(elementTypes) as ReadonlyArray<ElementType> // as: the keys of a literal table

const doing: Doing = { action: "start", subject: "ONNX Runtime" }

/** The last sentence of a refusal: before it stand the file, line and function of the C++ source. */
const lastSentence = (detail: string): string =>
  detail
    .trim()
    .split(/ : FAIL : | was false\. /)
    .at(-1) ?? detail

/** Any refusal before the first run means that the machine does not have the device. */
const asAbsent = (engine: Engine) => (error: RuntimeError) =>
  error.reason._tag === "StatusFailed"
    ? new RuntimeError({
        ...doing,
        reason: new DeviceAbsent({
          device: engine.device,
          found: lastSentence(error.reason.detail),
          wanted: engine.row.needs
        })
      })
    : error

const makeHandle = (options: {
  readonly what: string
  readonly create: () => bigint
  readonly release: (address: bigint) => void
  readonly holds: ReadonlyArray<Handle>
}) =>
  Effect.acquireRelease(
    attempt(doing, () => new Handle({ ...options, address: options.create() })),
    (handle) => Effect.sync(() => handle.release())
  )

/**
 * The memory of the engine's device. A session shows first that the device is there: only a session gives its memory.
 *
 * Fails    DeviceAbsent, StatusFailed
 */
export const openDeviceMemory = Effect.fnUntraced(function* (
  engine: Engine,
  name: string
): Effect.fn.Return<DeviceMemory, RuntimeError, Scope.Scope> {
  const scope = yield* Scope.Scope
  const open = (type: ElementType) => openParts(engine, { name: `copy ${type}`, model: identityModel(type) })
  const { handle: session } = yield* Effect.mapError(open("float32"), asAbsent(engine))
  const { functions } = library()
  const memory = yield* makeHandle({
    what: `memory of ${engine.device}`,
    create: () => created((out) => functions.CreateMemoryInfo(name, 0, 0, 0, out)),
    release: functions.ReleaseMemoryInfo,
    holds: []
  })
  const allocator = yield* makeHandle({
    what: `the allocator of ${engine.device}`,
    create: () => created((out) => functions.CreateAllocator(session.address, memory.address, out)),
    release: functions.ReleaseAllocator,
    holds: [session, memory]
  })
  const sessions = new Map<ElementType, Effect.Effect<Session, RuntimeError>>()
  for (const type of types) {
    sessions.set(type, yield* Effect.cached(open(type).pipe(Effect.map(makeSession), Scope.provide(scope))))
  }
  const copy = (from: Tensor, to: Tensor) =>
    Effect.flatMap(sessions.get(from.type) ?? Effect.die(from.type), (copier) => copier.run({ x: from }, { y: to }))
  return { memory, allocator, copy }
})
