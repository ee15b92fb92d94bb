import { zstdCompressSync } from "node:zlib"
import { ByteWriter, ParquetWriter } from "hyparquet-writer"
import { parquetSchema, parquetValue } from "./parquetSchema.ts"
import type { RecordSchema } from "./RecordSchema.ts"
import { schemaOf } from "./schemaOf.ts"

/** What a Parquet file is written with, beside its rows. */
export interface ParquetOptions {
  /** Kept as key and value strings in the footer. */
  readonly metadata?: Readonly<Record<string, string>>
  /** How pages are packed; "zstd" is smaller and quicker to write. */
  readonly compression?: "zstd" | "snappy"
}

/** The bytes of a Parquet file, one row group at a time; each answer is valid until the next call. */
export class ParquetBytes {
  private readonly bytes = new ByteWriter(1 << 16)
  private readonly writer: ParquetWriter
  private readonly columns: ReadonlyArray<{ readonly name: string; readonly valueOf: (value: unknown) => unknown }>

  constructor(schema: RecordSchema<unknown>, { compression = "zstd", metadata = {} }: ParquetOptions) {
    const { fields } = schemaOf(schema)
    this.columns = fields.map(({ name, type }) => ({ name, valueOf: parquetValue(type) }))
    this.writer = new ParquetWriter({
      writer: this.bytes,
      schema: parquetSchema(fields),
      codec: compression === "zstd" ? "ZSTD" : "SNAPPY",
      compressors: { ZSTD: (input) => zstdCompressSync(input) },
      kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      createdBy: "prefloop"
    })
  }

  /** The bytes of one row group. */
  group(rows: ReadonlyArray<object>): Uint8Array {
    const columnData = this.columns.map(({ name, valueOf }) => ({
      name,
      data: rows.map((row) => valueOf(Reflect.get(row, name)))
    }))
    if (rows.length > 0) void this.writer.write({ columnData, rowGroupSize: rows.length })
    return this.taken()
  }

  /** The bytes of the footer. */
  end(): Uint8Array {
    void this.writer.finish()
    return this.taken()
  }

  private taken(): Uint8Array {
    const taken = this.bytes.getBytes()
    this.bytes.index = 0
    return taken
  }
}
