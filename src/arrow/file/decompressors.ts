import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib"
import type { Compressors } from "hyparquet"
import { compressors } from "hyparquet-compressors"

type Decompress = NonNullable<Compressors["LZ4"]>

/** An empty page of LZ4 is one byte, which the library takes for the begin of a sequence. */
const orEmpty =
  (decompress: Decompress | undefined): Decompress =>
  (input, length) =>
    length === 0 || decompress === undefined ? new Uint8Array() : decompress(input, length)

/** No more than a page should hold, and at least the one byte that Node asks for. */
const upTo = (length: number) => ({ maxOutputLength: Math.max(1, length) })

/** What unpacks pages of Parquet: Node's own libraries where it has them. */
export const decompressors: Compressors = {
  ...compressors,
  LZ4: orEmpty(compressors.LZ4),
  LZ4_RAW: orEmpty(compressors.LZ4_RAW),
  GZIP: (input, length) => gunzipSync(input, upTo(length)),
  BROTLI: (input, length) => brotliDecompressSync(input, upTo(length)),
  ZSTD: (input, length) => zstdDecompressSync(input, upTo(length))
}
