import { elementCount, type ElementType, elementTypes, type TypedArray, typeOfArray } from "./ElementType.ts"
import type { Engine } from "./Engine.ts"
import { ElementsDiffer } from "./errors.ts"
import { Handle } from "./native/Handle.ts"
import { library } from "./native/library.ts"
import { check, created } from "./native/status.ts"

/** Elements of one type in one shape, in the memory of this process or of a device. */
export class Tensor {
  readonly type: ElementType
  readonly shape: ReadonlyArray<number>
  /** The array that holds the elements; `undefined` on a device. */
  readonly data: TypedArray | undefined
  readonly #handle: Handle

  constructor(type: ElementType, shape: ReadonlyArray<number>, data: TypedArray | undefined, handle: Handle) {
    this.type = type
    this.shape = shape
    this.data = data
    this.#handle = handle
  }

  /** The native tensor, for this folder alone. */
  static handle(tensor: Tensor): Handle {
    return tensor.#handle
  }
}

/** A type and shape in words: `float32 [2, 3]`. */
export const describeTensor = (type: ElementType | "tensor", shape: ReadonlyArray<number>): string =>
  `${type} [${shape.join(", ")}]`

const wrap = (options: {
  readonly memory: Handle
  readonly type: ElementType
  readonly shape: ReadonlyArray<number>
  readonly data: bigint | TypedArray
  readonly holds: ReadonlyArray<unknown>
}): Handle => {
  const { functions } = library()
  const { type, shape, data } = options
  const dimensions = BigInt64Array.from(shape, BigInt)
  const bytes = elementCount(shape) * elementTypes[type].bytes
  const { code } = elementTypes[type]
  const address = created((out) =>
    functions.CreateTensorWithDataAsOrtValue(options.memory.address, data, bytes, dimensions, shape.length, code, out)
  )
  return new Handle({
    what: `tensor ${describeTensor(type, shape)}`,
    address,
    release: functions.ReleaseValue,
    holds: [options.memory, ...options.holds]
  })
}

/** Checks that an array holds elements of this type, as many as the shape has. Fails   ElementsDiffer (thrown) */
export const checkElements = (data: TypedArray, type: ElementType, shape: ReadonlyArray<number>): void => {
  const wanted = elementCount(shape)
  const { array } = elementTypes[type]
  if (data instanceof array && data.length === wanted) return
  throw new ElementsDiffer({
    found: `${data.constructor.name} of ${data.length}`,
    wanted: `${array.name} of ${wanted} for ${describeTensor(type, shape)}`
  })
}

/** A tensor over an array of the caller: nothing is copied. Fails   ElementsDiffer, StatusFailed (thrown) */
export const borrowTensor = (
  engine: Engine,
  data: TypedArray,
  shape: ReadonlyArray<number>,
  type: ElementType | undefined = typeOfArray(data)
): Tensor => {
  if (type === undefined) {
    throw new ElementsDiffer({ found: data.constructor.name, wanted: "an array of one of the element types" })
  }
  checkElements(data, type, shape)
  return new Tensor(type, shape, data, wrap({ memory: engine.hostMemory, type, shape, data, holds: [data] }))
}

/**
 * A tensor in the memory of a device, with whatever bytes are there. The memory is ours, not the tensor's: a session
 * takes an initializer only from memory that the tensor does not own.
 *
 * Fails    StatusFailed (thrown)
 */
export const allocateTensor = (
  device: { readonly memory: Handle; readonly allocator: Handle },
  type: ElementType,
  shape: ReadonlyArray<number>
): Tensor => {
  const { functions } = library()
  const bytes = Math.max(elementCount(shape) * elementTypes[type].bytes, 1)
  const block = new Handle({
    what: `memory of ${bytes} bytes`,
    address: created((out) => functions.AllocatorAlloc(device.allocator.address, bytes, out)),
    release: (address) => check(functions.AllocatorFree(device.allocator.address, address)),
    holds: [device.allocator]
  })
  try {
    const handle = wrap({ memory: device.memory, type, shape, data: block.address, holds: [block] })
    return new Tensor(type, shape, undefined, handle)
  } finally {
    block.release()
  }
}

/**
 * Some entries along the first axis of a tensor: the same memory, which stays as long as this tensor does.
 *
 * Domain   from = 0 in memory of a device that has slices at the front alone.
 * Fails    StatusFailed, Released (thrown)
 */
export const sliceTensor = (
  memory: Handle,
  tensor: Tensor,
  range: { readonly from: number; readonly count: number }
) => {
  const { type } = tensor
  const shape = tensor.shape.with(0, range.count)
  const stride = elementCount(tensor.shape.slice(1))
  const whole = Tensor.handle(tensor)
  const data = tensor.data?.subarray(range.from * stride, (range.from + range.count) * stride)
  const begin = () => created((out) => library().functions.GetTensorMutableData(whole.address, out))
  const at = data ?? begin() + BigInt(range.from * stride * elementTypes[type].bytes)
  const holds = data === undefined ? [whole] : [whole, data]
  return new Tensor(type, shape, data, wrap({ memory, type, shape, data: at, holds }))
}
