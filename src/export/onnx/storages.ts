import type { Ops, Value } from "../../graph/mod.ts"
import { type FloatType, floatCodecs } from "../../runtime/mod.ts"
import { quantizeRows } from "./quantizeRows.ts"
import type { Part, Storage } from "./Storage.ts"

const float32 = (name: string, shape: ReadonlyArray<number>): Part => ({
  name,
  type: "float32",
  shape,
  encode: floatCodecs.F32.encode
})

const asFloat32 = (op: Ops, x: Value): Value => (x.type === "float32" ? x : op.Cast(x, { to: "float32" }))

const whole = (file: string, dtype: string, type: "float32" | "float16", codec: FloatType): Storage => ({
  file,
  dtype,
  partsOf: ({ name, shape }) => [{ name, type, shape, encode: floatCodecs[codec].encode }],
  combine: (op, [part]) => {
    if (!part) throw new RangeError("A weight has no part")
    return asFloat32(op, part)
  }
})

const bytesOf = ({ buffer, byteLength, byteOffset }: Int8Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** Matrices as eight bits a value and a scale a row, vectors as they are; the graph computes in float32. */
const int8: Storage = {
  file: "model_quantized",
  dtype: "q8",
  partsOf: ({ name, shape }) => {
    const [rows = 1, width] = shape
    if (width === undefined) return [float32(name, shape)]
    return [
      { name, type: "int8", shape, encode: (values) => bytesOf(quantizeRows(values, rows).quantized) },
      {
        ...float32(`${name}.scale`, [rows, 1]),
        encode: (values) => bytesOf(quantizeRows(values, rows).scales)
      }
    ]
  },
  combine: (op, [part, scale]) => {
    if (!part) throw new RangeError("A weight has no part")
    return scale ? op.Mul(asFloat32(op, part), scale) : part
  }
}

/** Storage by the name that a person gives. */
export const storages = {
  float32: whole("model", "fp32", "float32", "F32"),
  float16: whole("model_fp16", "fp16", "float16", "F16"),
  int8
} satisfies Record<string, Storage>
