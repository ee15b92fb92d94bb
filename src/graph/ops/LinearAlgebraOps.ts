import type { Value } from "../Graph.ts"
import { ReductionOps } from "./ReductionOps.ts"

/** Whether an operand is read with its last two axes exchanged. */
export interface Transposed {
  readonly transA?: 0 | 1
  readonly transB?: 0 | 1
}

/** Products of matrices. */
export class LinearAlgebraOps extends ReductionOps {
  /** alpha·A·B + beta·C. Shapes: A [m, k], B [k, n] before transposing; C broadcasts to the result [m, n]. */
  Gemm(
    a: Value,
    b: Value,
    c?: Value,
    options: Transposed & { readonly alpha?: number; readonly beta?: number } = {}
  ): Value {
    const { transA = 0, transB = 0, alpha = 1, beta = 1 } = options
    const attributes = {
      transA: { int: transA },
      transB: { int: transB },
      alpha: { float: alpha },
      beta: { float: beta }
    }
    return this.one({ op: "Gemm", inputs: c ? [a, b, c] : [a, b], attributes })
  }

  /** A·B for each index of the axes before the last two, which broadcast. */
  MatMul(a: Value, b: Value): Value {
    return this.one({ op: "MatMul", inputs: [a, b] })
  }

  /** alpha·A·B as MatMul, with operands read transposed. */
  FusedMatMul(a: Value, b: Value, options: Transposed & { readonly alpha?: number } = {}): Value {
    const { transA = 0, transB = 0, alpha = 1 } = options
    const attributes = { transA: { int: transA }, transB: { int: transB }, alpha: { float: alpha } }
    return this.one({ op: "FusedMatMul", inputs: [a, b], attributes })
  }

  /**
   * A·Bᵀ where B is kept in blocks of whole numbers along k: (q − zero)·scale of the block, zero in the middle of the range.
   *
   * Source   ONNX Runtime's MatMulNBits (com.microsoft).
   * Shapes   a: [m, k]; quantized: uint8 [n, blocks, block_size·bits/8], first value in the low bits; scales: [n, blocks];
   *          blocks = ⌈k / block_size⌉; result [m, n].
   */
  MatMulNBits(
    a: Value,
    quantized: Value,
    scales: Value,
    options: {
      readonly K: number
      readonly N: number
      readonly bits: 4 | 8
      readonly block_size: number
      /** 4 rounds blocks of `a` to eight bits as well; 1, the default, computes in float32. */
      readonly accuracy_level?: 1 | 4
    }
  ): Value {
    const { K, N, accuracy_level = 1, bits, block_size } = options
    const attributes = {
      K: { int: K },
      N: { int: N },
      bits: { int: bits },
      block_size: { int: block_size },
      accuracy_level: { int: accuracy_level }
    }
    return this.one({ op: "MatMulNBits", inputs: [a, quantized, scales], attributes })
  }
}
