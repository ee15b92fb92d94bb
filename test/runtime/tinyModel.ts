import { type Dim, type ElementType, elementTypes } from "../../src/runtime/ElementType.ts"

/** Models of a few nodes, encoded by hand: the room is tested without the room that builds graphs. */
export interface TinyModel {
  readonly inputs: Readonly<Record<string, Value>>
  readonly outputs: Readonly<Record<string, Value>>
  readonly nodes: ReadonlyArray<Node>
  readonly initializers?: Readonly<Record<string, Initializer>>
}

export interface Value {
  readonly type?: ElementType
  /** No shape: the graph leaves it open. */
  readonly shape?: ReadonlyArray<Dim>
}

export interface Node {
  readonly op: string
  readonly name?: string
  readonly inputs: ReadonlyArray<string>
  readonly outputs: ReadonlyArray<string>
  readonly attributes?: Readonly<Record<string, number | ReadonlyArray<number>>>
}

export interface Initializer extends Value {
  readonly shape: ReadonlyArray<number>
  readonly data: ArrayBufferView | { readonly location: string; readonly offset: number; readonly length: number }
}

const varint = (value: number): ReadonlyArray<number> =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]

const number = (tag: number, value: number): Buffer => Buffer.from([...varint(tag * 8), ...varint(value)])

const block = (tag: number, ...parts: ReadonlyArray<Uint8Array | string>): Buffer => {
  const bytes = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)))
  return Buffer.concat([Buffer.from([...varint(tag * 8 + 2), ...varint(bytes.length)]), bytes])
}

const dimension = (dim: Dim) => block(1, typeof dim === "number" ? number(1, dim) : block(2, dim))

const value = (tag: number, [name, { type = "float32", shape }]: readonly [string, Value]) => {
  const known = shape ? [block(2, ...shape.map(dimension))] : []
  return block(tag, block(1, name), block(2, block(1, number(1, elementTypes[type].code), ...known)))
}

const intAttribute = 2
const intsAttribute = 7

const attribute = ([name, found]: readonly [string, number | ReadonlyArray<number>]) =>
  typeof found === "number"
    ? block(5, block(1, name), number(3, found), number(20, intAttribute))
    : block(5, block(1, name), ...found.map((each) => number(8, each)), number(20, intsAttribute))

const node = ({ op, inputs, outputs, attributes = {}, name = op }: Node) =>
  block(
    1,
    ...inputs.map((each) => block(1, each)),
    ...outputs.map((each) => block(2, each)),
    block(3, name),
    block(4, op),
    ...Object.entries(attributes).map(attribute)
  )

const entry = (key: string, text: string) => block(13, block(1, key), block(2, text))

const stored = (data: Initializer["data"]): ReadonlyArray<Buffer> =>
  ArrayBuffer.isView(data)
    ? [block(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))]
    : [
        entry("location", data.location),
        entry("offset", String(data.offset)),
        entry("length", String(data.length)),
        number(14, 1)
      ]

const initializer = ([name, { type = "float32", shape, data }]: readonly [string, Initializer]) =>
  block(5, ...shape.map((size) => number(1, size)), number(2, elementTypes[type].code), block(8, name), ...stored(data))

/** The bytes of a model. Source: onnx.proto, IR 10, opset 21. */
export const tinyModel = ({ inputs, outputs, nodes, initializers = {} }: TinyModel): Uint8Array =>
  Buffer.concat([
    number(1, 10),
    block(
      7,
      ...nodes.map(node),
      block(2, "tiny"),
      ...Object.entries(initializers).map(initializer),
      ...Object.entries(inputs).map((each) => value(11, each)),
      ...Object.entries(outputs).map((each) => value(12, each))
    ),
    block(8, block(1, ""), number(2, 21))
  ])

/** y = x·x over vectors of any length. */
export const square = tinyModel({
  inputs: { x: { shape: ["n"] } },
  outputs: { y: { shape: ["n"] } },
  nodes: [{ op: "Mul", inputs: ["x", "x"], outputs: ["y"] }]
})

/** sum = a + b and product = a·b, both over [rows, 2]. */
export const sumAndProduct = tinyModel({
  inputs: { a: { shape: ["rows", 2] }, b: { shape: ["rows", 2] } },
  outputs: { sum: { shape: ["rows", 2] }, product: { shape: ["rows", 2] } },
  nodes: [
    { op: "Add", inputs: ["a", "b"], outputs: ["sum"] },
    { op: "Mul", inputs: ["a", "b"], outputs: ["product"] }
  ]
})

/** y = x·w·w…: as many multiplications of square matrices as `steps`, so that a run is long and can be stopped. */
export const longChain = (steps: number, size: number): Uint8Array => {
  const names = Array.from({ length: steps + 1 }, (_, i) => (i === 0 ? "x" : i === steps ? "y" : `h${i}`))
  return tinyModel({
    inputs: { x: { shape: [size, size] }, w: { shape: [size, size] } },
    outputs: { y: { shape: [size, size] } },
    nodes: names.slice(1).map((name, i) => ({
      op: "MatMul",
      name: `step${i}`,
      inputs: [names[i] ?? "x", "w"],
      outputs: [name]
    }))
  })
}
