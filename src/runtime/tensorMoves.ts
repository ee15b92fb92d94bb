import { Effect, type Scope } from "effect"
import type { DeviceMemory } from "./DeviceMemory.ts"
import { bytesOf, type ElementType, type TypedArray, typeOfArray, zeros } from "./ElementType.ts"
import type { Engine } from "./Engine.ts"
import type { RuntimeError } from "./errors.ts"
import { attempt } from "./native/status.ts"
import { allocateTensor, borrowTensor, checkElements, describeTensor, sliceTensor, Tensor } from "./Tensor.ts"

/** How tensors are made and filled. */
export interface TensorMoves {
  /**
   * A tensor over an array of the caller: nothing is copied, and the array stays reachable until the scope closes.
   * Without `type`, a Uint8Array is `uint8` and a Uint16Array `bfloat16`.
   *
   * Fails    ElementsDiffer, StatusFailed
   */
  readonly tensor: (
    data: TypedArray,
    shape: ReadonlyArray<number>,
    type?: ElementType
  ) => Effect.Effect<Tensor, RuntimeError, Scope.Scope>
  /** A tensor of zeros in the memory of the device, until the scope closes. Fails   StatusFailed */
  readonly allocate: (
    type: ElementType,
    shape: ReadonlyArray<number>
  ) => Effect.Effect<Tensor, RuntimeError, Scope.Scope>
  /**
   * Entries `from` … `from + count − 1` along the first axis of a tensor, in the same memory, until the scope closes.
   *
   * Domain   0 ≤ from, from + count ≤ the size of the axis; from = 0 where the device has slices at the front alone.
   * Fails    StatusFailed, Released
   */
  readonly slice: (
    tensor: Tensor,
    range: { readonly from: number; readonly count: number }
  ) => Effect.Effect<Tensor, RuntimeError, Scope.Scope>
  /** Writes all elements of a tensor. Fails   ElementsDiffer, StatusFailed */
  readonly upload: (tensor: Tensor, data: TypedArray) => Effect.Effect<void, RuntimeError>
  /** All elements of a tensor: its own array where it has one, else a new one. Fails   StatusFailed */
  readonly download: (tensor: Tensor) => Effect.Effect<TypedArray, RuntimeError>
}

const owned = (doing: Parameters<typeof attempt>[0], make: () => Tensor) =>
  Effect.acquireRelease(attempt(doing, make), (tensor) => Effect.sync(() => Tensor.handle(tensor).release()))

/** Moves between arrays and the memory of a device; without one, arrays are the memory. */
export const tensorMoves = (engine: Engine, device: DeviceMemory | undefined): TensorMoves => {
  const tensor: TensorMoves["tensor"] = (data, shape, type) =>
    owned({ action: "make", subject: describeTensor(type ?? typeOfArray(data) ?? "tensor", shape) }, () =>
      borrowTensor(engine, data, shape, type)
    )
  const copy = (from: Tensor, to: Tensor) => device?.copy(from, to) ?? Effect.die("a tensor of another runtime")
  const upload: TensorMoves["upload"] = Effect.fnUntraced(function* (to, data) {
    yield* attempt({ action: "copy", subject: describeTensor(to.type, to.shape) }, () => {
      checkElements(data, to.type, to.shape)
      if (to.data) bytesOf(to.data).set(bytesOf(data))
    })
    if (!to.data) yield* copy(yield* tensor(data, to.shape, to.type), to)
  }, Effect.scoped)
  const download: TensorMoves["download"] = Effect.fnUntraced(function* (from) {
    if (from.data) return from.data
    const data = zeros(from.type, from.shape)
    yield* copy(from, yield* tensor(data, from.shape, from.type))
    return data
  }, Effect.scoped)
  const allocate: TensorMoves["allocate"] = Effect.fnUntraced(function* (type, shape) {
    if (!device) return yield* tensor(zeros(type, shape), shape, type)
    const made = yield* owned({ action: "make", subject: describeTensor(type, shape) }, () =>
      allocateTensor(device, type, shape)
    )
    yield* upload(made, zeros(type, shape))
    return made
  })
  const slice: TensorMoves["slice"] = (from, range) =>
    owned({ action: "make", subject: `a part of ${describeTensor(from.type, from.shape)}` }, () => {
      if (range.from > 0 && !from.data && engine.row.slices === "front") throw new RangeError("No slice at the front")
      return sliceTensor(from.data ? engine.hostMemory : (device?.memory ?? engine.hostMemory), from, range)
    })
  return { tensor, allocate, slice, upload, download }
}
