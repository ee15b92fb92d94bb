import { elementTypes, type ElementType } from "./ElementType.ts"

const field = (number: number, value: number | string | Uint8Array): Uint8Array => {
  if (typeof value === "number") return Uint8Array.of(number << 3, value)
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value
  return Uint8Array.of((number << 3) | 2, bytes.length, ...bytes)
}
const message = (...fields: ReadonlyArray<Uint8Array>): Uint8Array =>
  Uint8Array.from(fields.flatMap((each) => Array.from(each)))

/**
 * The smallest model: y = Identity(x) for tensors of any shape. It shows that a device runs, and copies to and from it.
 *
 * Source   onnx.proto; every field is shorter than 128 bytes, so that a length is one byte.
 */
export const identityModel = (type: ElementType): Uint8Array => {
  const value = (name: string) => message(field(1, name), field(2, field(1, field(1, elementTypes[type].code))))
  const node = message(field(1, "x"), field(2, "y"), field(3, "copy"), field(4, "Identity"))
  const graph = message(field(1, node), field(2, "copy"), field(11, value("x")), field(12, value("y")))
  return message(field(1, 10), field(7, graph), field(8, message(field(1, ""), field(2, 21))))
}
