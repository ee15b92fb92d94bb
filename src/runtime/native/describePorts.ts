import { type Dim, elementTypeOf, elementTypes } from "../ElementType.ts"
import { ElementTypeUnknown } from "../errors.ts"
import type { Port } from "../matchTensors.ts"
import { decodeText, library } from "./library.ts"
import { check, created } from "./status.ts"

const count = (ask: (out: BigUint64Array) => bigint | null): number => Number(created(ask))

const whole = (ask: (out: Int32Array) => bigint | null): number => {
  const out = new Int32Array(1)
  check(ask(out))
  return out[0] ?? 0
}

const unknownType = (name: string, found: string) =>
  new ElementTypeUnknown({ name, found, known: Object.keys(elementTypes) })

const tensorKind = 1

const describeType = (name: string, typeInfo: bigint): Port => {
  const { functions } = library()
  const kind = whole((out) => functions.GetOnnxTypeFromTypeInfo(typeInfo, out))
  if (kind !== tensorKind) throw unknownType(name, `a value of kind ${kind} in onnxruntime_c_api.h`)
  // The tensor's part belongs to the type info: only that is released.
  const info = created((out) => functions.CastTypeInfoToTensorInfo(typeInfo, out))
  const code = whole((out) => functions.GetTensorElementType(info, out))
  const type = elementTypeOf(code)
  if (type === undefined) throw unknownType(name, `elements of type ${code} in onnx.proto`)
  const rank = count((out) => functions.GetDimensionsCount(info, out))
  const sizes = new BigInt64Array(rank)
  const symbols = new BigUint64Array(rank)
  if (rank > 0) {
    check(functions.GetDimensions(info, sizes, rank))
    check(functions.GetSymbolicDimensions(info, symbols, rank))
  }
  const shape = Array.from(sizes, (size, axis): Dim => (size >= 0n ? Number(size) : decodeText(symbols[axis] ?? 0n)))
  return { name, type, shape, anyShape: !functions.TensorTypeAndShape_HasShape(info) }
}

const describePort = (session: bigint, side: "Input" | "Output", index: number): Port => {
  const { functions } = library()
  const allocator = created((out) => functions.GetAllocatorWithDefaultOptions(out))
  const text = created((out) => functions[`SessionGet${side}Name`](session, index, allocator, out))
  const name = decodeText(text)
  check(functions.AllocatorFree(allocator, text))
  const typeInfo = created((out) => functions[`SessionGet${side}TypeInfo`](session, index, out))
  try {
    return describeType(name, typeInfo)
  } finally {
    functions.ReleaseTypeInfo(typeInfo)
  }
}

/** The inputs or outputs of a session by name, in the order of the graph. Fails   ElementTypeUnknown (thrown) */
export const describePorts = (session: bigint, side: "Input" | "Output"): ReadonlyMap<string, Port> => {
  const { functions } = library()
  const ports = count((out) => functions[`SessionGet${side}Count`](session, out))
  return new Map(
    Array.from({ length: ports }, (_, index) => {
      const port = describePort(session, side, index)
      return [port.name, port]
    })
  )
}
