import { assert, describe, it } from "@effect/vitest"
import { GraphError, Ops, type Value } from "../../src/graph/mod.ts"

const start = () => {
  const op = new Ops("test")
  return {
    op,
    x: op.input("x", "float32", ["rows", 4]),
    w: op.input("w", "float32", [5, 6]),
    ids: op.input("ids", "int64", ["rows"]),
    mask: op.input("mask", "bool", ["rows", 1])
  }
}

const messageOf = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    if (error instanceof GraphError) return error.message
    throw error
  }
  return "nothing was thrown"
}

type Start = ReturnType<typeof start>

describe("Ops", () => {
  const refusals: ReadonlyArray<readonly [call: (start: Start) => Value | ReadonlyArray<Value>, message: string]> = [
    [
      ({ op, x, w }) => op.within("layers.0", () => op.Gemm(x, w)),
      'Cannot call Gemm "layers.0/Gemm_0": found float32 [rows, 4], float32 [5, 6], wanted two operands of at least 2 axes whose inner axes agree'
    ],
    [
      ({ op, x }) => {
        const [q, scales] = [op.input("q", "uint8", [5, 1, 32]), op.input("scales", "float32", [5, 1])]
        return op.MatMulNBits(x, q, scales, { K: 4, N: 5, bits: 4, block_size: 32 })
      },
      'Cannot call MatMulNBits "MatMulNBits_0": found float32 [rows, 4], uint8 [5, 1, 32], float32 [5, 1], wanted […, 4], uint8 [5, 1, 16] and as many scales as blocks, [5, 1]'
    ],
    [
      ({ op, x, w }) => op.Add(x, w),
      'Cannot call Add "Add_0": found float32 [rows, 4], float32 [5, 6], wanted shapes that broadcast'
    ],
    [
      ({ op, ids }) => op.Log(ids),
      'Cannot call ReduceLogSum "Log/ReduceLogSum_0": found int64 [rows, 1], int64 [1], wanted a floating-point type at position 0'
    ],
    [
      ({ op, x, ids }) => op.Add(x, ids),
      'Cannot call Add "Add_0": found float32 [rows, 4], int64 [rows], wanted operands of one type'
    ],
    [
      ({ op, ids }) => op.Exp(ids),
      'Cannot call Exp "Exp_0": found int64 [rows], wanted a floating-point type at position 0'
    ],
    [
      ({ op, x }) => op.Where(x, x, x),
      'Cannot call Where "Where_0": found float32 [rows, 4], float32 [rows, 4], float32 [rows, 4], wanted bool at position 0'
    ],
    [
      ({ op, x }) => op.Gather(x, x),
      'Cannot call Gather "Gather_0": found float32 [rows, 4], float32 [rows, 4], wanted int64 or int32 at position 1'
    ],
    [
      ({ op, x, ids }) => op.Gather(x, ids, { axis: 2 }),
      'Cannot call Gather "Gather_0": found float32 [rows, 4], int64 [rows], wanted axis 2 within 2 axes'
    ],
    [
      ({ op, x }) => op.Reshape(x, ["rows", 5]),
      'Cannot call Reshape "Reshape_0": found float32 [rows, 4], int64 [2], wanted as many elements as [rows, 5]'
    ],
    [
      ({ op, w }) => op.Reshape(w, [31]),
      'Cannot call Reshape "Reshape_0": found float32 [5, 6], int64 [1], wanted as many elements as [31]'
    ],
    [
      ({ op, x }) => op.Transpose(x, { perm: [1, 1] }),
      'Cannot call Transpose "Transpose_0": found float32 [rows, 4], wanted "perm" that orders 2 axes, not [1, 1]'
    ],
    [
      ({ op, x }) => op.Squeeze(x, [1]),
      'Cannot call Squeeze "Squeeze_0": found float32 [rows, 4], int64 [1], wanted size 1 at axes 1'
    ],
    [
      ({ op, x, w }) => op.Concat([x, w], { axis: 0 }),
      'Cannot call Concat "Concat_0": found float32 [rows, 4], float32 [5, 6], wanted one type and, but for axis 0, one shape'
    ],
    [
      ({ op, x }) => op.Expand(x, [4]),
      'Cannot call Expand "Expand_0": found float32 [rows, 4], int64 [1], wanted a shape that broadcasts to [4]'
    ],
    [
      ({ op, x }) => op.Split(x, { axis: 1, split: [1, 2] }),
      'Cannot call Split "Split_0": found float32 [rows, 4], int64 [2], wanted sizes that add up to 4'
    ],
    [
      ({ op, x }) => op.Softmax(x, { axis: 2 }),
      'Cannot call Softmax "Softmax_0": found float32 [rows, 4], wanted axis 2 within 2 axes'
    ],
    [
      ({ op, x, w }) => op.Gemm(x, x, w, { transB: 1 }),
      'Cannot call Gemm "Gemm_0": found float32 [rows, 4], float32 [rows, 4], float32 [5, 6], wanted a bias that broadcasts to [rows, rows]'
    ],
    [
      ({ op, x }) => op.dims(["tokens"]) && op.Expand(x, ["tokens", 4]),
      'Cannot resolve the dimension "tokens": no value carries it, known are "rows"'
    ],
    [({ op }) => op.input("x", "float32", []), 'Cannot define "x": it is already defined by another value'],
    [({ op, x }) => [op.output(x), op.output(x)], 'Cannot define "x": it is already defined by another output'],
    [
      ({ op }) => op.Neg({ name: "ghost", type: "float32", shape: [] }),
      'Cannot find "ghost": it is read by Neg_0, and nothing in the graph defines it'
    ],
    [
      ({ op }) => op.initializer("c", "float32", [3], { bytes: new Uint8Array(8) }),
      'Cannot store float32 [3] "c": found 8 bytes, wanted 12'
    ],
    [({ op }) => op.constant(new Float32Array(2), [3]), 'Cannot store float32 [3] "constant": found 8 bytes, wanted 12']
  ]
  for (const [call, message] of refusals) {
    it(`refuses: ${message}`, () => {
      assert.strictEqual(
        messageOf(() => call(start())),
        message
      )
    })
  }
})
