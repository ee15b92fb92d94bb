import { type Data, makeData, Utf8 } from "apache-arrow"
import type { Column } from "./Column.ts"
import { validity } from "./validity.ts"

const encoder = new TextEncoder()
/** A UTF-16 code unit takes at most three bytes in UTF-8. */
const bytesPerUnit = 3

/**
 * Strings as UTF-8.
 *
 * Domain   well-formed strings: a lone surrogate becomes U+FFFD, as UTF-8 has no place for it.
 */
export const text: Column<string> = {
  type: new Utf8(),
  write(values) {
    const bytes = new Uint8Array(values.reduce((sum, value) => sum + (value?.length ?? 0) * bytesPerUnit, 0))
    const valueOffsets = new Int32Array(values.length + 1)
    let end = 0
    for (let i = 0; i < values.length; i++) {
      end += encoder.encodeInto(values[i] ?? "", bytes.subarray(end)).written
      valueOffsets[i + 1] = end
    }
    return makeData({
      type: new Utf8(),
      length: values.length,
      ...validity(values),
      valueOffsets,
      data: bytes.subarray(0, end)
    })
  },
  read(data: Data<Utf8>) {
    const bytes = Buffer.from(data.values.buffer, data.values.byteOffset, data.values.byteLength)
    const offsets = data.valueOffsets
    return (i) => (data.getValid(i) ? bytes.toString("utf8", offsets[i], offsets[i + 1]) : null)
  }
}
