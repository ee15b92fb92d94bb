import { checked, use } from "../Case.ts"

const flags = [0, 1] as const
const transposes = flags.flatMap((transA) => flags.map((transB) => ({ transA, transB })))
const big = { r: 4, m: 65, k: 70, n: 75 }

const noFloat64 = "com.microsoft.FusedMatMul has a float32 kernel only"

/** Uses of products of matrices. */
export const linearAlgebra = {
  Gemm: transposes.flatMap((options) => {
    const [a, b] = [
      options.transA ? checked("k", "m") : checked("m", "k"),
      options.transB ? checked("n", "k") : checked("k", "n")
    ]
    return [
      use({ a, b }, (op, v) => op.Gemm(v.a, v.b, undefined, options), { big }),
      use({ a, b, c: checked("n") }, (op, v) => op.Gemm(v.a, v.b, v.c, { ...options, alpha: 0.5, beta: 3 }), { big }),
      use({ a, b, c: checked("m", 1) }, (op, v) => op.Gemm(v.a, v.b, v.c, { ...options, beta: 2 }), { big })
    ]
  }),
  MatMul: [
    use({ a: checked("m", "k"), b: checked("k", "n") }, (op, { a, b }) => op.MatMul(a, b), { big }),
    use({ a: checked("r", 2, "m", "k"), b: checked("r", 2, "k", "n") }, (op, { a, b }) => op.MatMul(a, b), { big }),
    use({ a: checked("r", 1, "m", "k"), b: checked(2, "k", "n") }, (op, { a, b }) => op.MatMul(a, b), { big }),
    use({ a: checked("r", "m", "k"), b: checked("k", "n") }, (op, { a, b }) => op.MatMul(a, b), { big }),
    use({ a: checked("m", "k"), b: checked("r", "k", "n") }, (op, { a, b }) => op.MatMul(a, b), { big })
  ],
  FusedMatMul: transposes.flatMap((options) => {
    const [a, b] = [
      options.transA ? checked("r", "k", "m") : checked("r", "m", "k"),
      options.transB ? checked("n", "k") : checked("k", "n")
    ]
    return [use({ a, b }, (op, v) => op.FusedMatMul(v.a, v.b, { ...options, alpha: 0.5 }), { big, float32: noFloat64 })]
  })
}
