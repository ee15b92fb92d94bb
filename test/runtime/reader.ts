import { Effect } from "effect"
import { OnnxRuntime, type SessionOptions } from "../../src/runtime/mod.ts"
import { type Initializer, type Node, tinyModel } from "./tinyModel.ts"

const floats = (...values: ReadonlyArray<number>) => Float32Array.from(values)

/** One way for a graph to read a weight w of shape [2, 2], or [1] if it says so: y from x of shape [2, 2]. */
export interface Reader {
  readonly shape?: ReadonlyArray<number>
  readonly nodes: ReadonlyArray<Node>
  /** y for x = [[1, 0], [0, 1]] and w = [[1, 2], [3, 4]], or w = [1]. */
  readonly wanted: ReadonlyArray<number>
}

/** Every way, by what reads it. */
export const readers: Readonly<Record<string, Reader>> = {
  Gemm: { nodes: [{ op: "Gemm", inputs: ["x", "w"], outputs: ["y"] }], wanted: [1, 2, 3, 4] },
  "Gemm with transB": {
    nodes: [{ op: "Gemm", inputs: ["x", "w"], outputs: ["y"], attributes: { transB: 1 } }],
    wanted: [1, 3, 2, 4]
  },
  MatMul: { nodes: [{ op: "MatMul", inputs: ["x", "w"], outputs: ["y"] }], wanted: [1, 2, 3, 4] },
  "a folded Transpose": {
    nodes: [
      { op: "Transpose", inputs: ["w"], outputs: ["t"], attributes: { perm: [1, 0] } },
      { op: "MatMul", inputs: ["x", "t"], outputs: ["y"] }
    ],
    wanted: [1, 3, 2, 4]
  },
  "a Transpose that moves past it": {
    nodes: [
      { op: "Transpose", name: "first", inputs: ["x"], outputs: ["t"], attributes: { perm: [1, 0] } },
      { op: "Add", inputs: ["t", "w"], outputs: ["a"] },
      { op: "Transpose", name: "second", inputs: ["a"], outputs: ["y"], attributes: { perm: [1, 0] } }
    ],
    wanted: [2, 3, 2, 5]
  },
  Unsqueeze: {
    nodes: [
      { op: "Unsqueeze", inputs: ["w", "axes"], outputs: ["u"] },
      { op: "Add", inputs: ["x", "u"], outputs: ["a"] },
      { op: "Squeeze", inputs: ["a", "axes"], outputs: ["y"] }
    ],
    wanted: [2, 2, 3, 5]
  },
  "Gather by rows": {
    nodes: [
      { op: "Gather", inputs: ["w", "axes"], outputs: ["g"], attributes: { axis: 0 } },
      { op: "Add", inputs: ["x", "g"], outputs: ["y"] }
    ],
    wanted: [2, 2, 1, 3]
  },
  "Mul and Add": {
    nodes: [
      { op: "Mul", inputs: ["x", "w"], outputs: ["m"] },
      { op: "Add", inputs: ["m", "w"], outputs: ["y"] }
    ],
    wanted: [2, 2, 3, 8]
  },
  "Add of a scalar that is 0 in the model": {
    shape: [1],
    nodes: [
      { op: "Abs", name: "first", inputs: ["x"], outputs: ["a"] },
      { op: "Add", inputs: ["a", "w"], outputs: ["b"] },
      { op: "Abs", name: "second", inputs: ["b"], outputs: ["y"] }
    ],
    wanted: [2, 1, 1, 2]
  },
  "Mul of a product by a scalar": {
    shape: [1],
    nodes: [
      { op: "MatMul", inputs: ["x", "x"], outputs: ["m"] },
      { op: "Mul", inputs: ["m", "w"], outputs: ["y"] }
    ],
    wanted: [1, 0, 0, 1]
  },
  "Add of a scalar equal in the model to another": {
    shape: [1],
    nodes: [
      { op: "Add", name: "first", inputs: ["x", "w"], outputs: ["a"] },
      { op: "Add", name: "second", inputs: ["a", "other"], outputs: ["y"] }
    ],
    wanted: [2, 1, 1, 2]
  }
}

/** The model of a reader, with this as its weight. */
export const readerModel = ({ nodes }: Reader, w: Initializer) =>
  tinyModel({
    inputs: { x: { shape: [2, 2] } },
    outputs: { y: { shape: [2, 2] } },
    nodes,
    initializers: {
      w,
      axes: { type: "int64", shape: [1], data: BigInt64Array.of(0n) },
      other: { shape: [1], data: floats(0) }
    }
  })

/** A weight that is overwritten when the model is opened. */
export const dummy: Initializer = { shape: [2, 2], data: floats(0, 0, 0, 0) }
const identity = floats(1, 0, 0, 1)
/** [[1, 2], [3, 4]], row by row. */
export const weight = floats(1, 2, 3, 4)

/** y of a model for x = the identity matrix. */
export const openReader = Effect.fnUntraced(function* (options: Omit<SessionOptions, "name">) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "reader", ...options })
  const x = yield* runtime.tensor(identity, [2, 2])
  const y = yield* runtime.allocate("float32", [2, 2])
  return Effect.as(session.run({ x }, { y }), y).pipe(Effect.map(({ data }) => Array.from(data ?? [], Number)))
})
