import { Schema } from "effect"
import { CheckpointDtype, CheckpointHeader, CheckpointOverlap, CheckpointTruncated, TensorShape } from "../errors.ts"
import { byteLength, type Dtype, dtypes } from "./dtypes.ts"
import type { SafetensorsEntry } from "./SafetensorsEntry.ts"

const metadataKey = "__metadata__"

const Header = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))
const Metadata = Schema.Record(Schema.String, Schema.String)
const Row = Schema.Struct({
  dtype: Schema.String,
  shape: Schema.Array(Schema.Natural),
  data_offsets: Schema.Tuple([Schema.Natural, Schema.Natural])
})

const decode = <A, I>(schema: Schema.Codec<A, I>, wanted: string, found: string) => {
  const run = Schema.decodeUnknownSync(schema)
  return (value: unknown): A => {
    try {
      return run(value)
    } catch {
      throw new CheckpointHeader({ found, wanted })
    }
  }
}

const short = (value: unknown): string => String(typeof value === "string" ? value : JSON.stringify(value)).slice(0, 60)

const isDtype = (name: string): name is Dtype => Object.hasOwn(dtypes, name)

/** A header and what it is checked against. */
export interface HeaderText {
  readonly text: string
  readonly file: string
  readonly path: string
  /** Bytes before the first tensor. */
  readonly start: number
  /** Bytes of the file. */
  readonly size: number
}

const decodeRow = (header: HeaderText, name: string, value: unknown): SafetensorsEntry => {
  const { file, path, start } = header
  const wanted = `dtype, shape and data_offsets of "${name}"`
  const { data_offsets, dtype, shape } = decode(Row, wanted, short(value))(value)
  const [from, to] = data_offsets
  if (!isDtype(dtype)) throw new CheckpointDtype({ name, found: dtype, known: Object.keys(dtypes) })
  const length = byteLength(dtype, shape)
  if (to - from !== length) throw new TensorShape({ name, shape, found: to - from, wanted: length })
  return { name, dtype, shape, file, path, offset: start + from, length }
}

const checkExtents = (entries: ReadonlyArray<SafetensorsEntry>, { size, start }: HeaderText): void => {
  const ordered = entries.filter(({ length }) => length > 0).sort((a, b) => a.offset - b.offset)
  ordered.reduce<SafetensorsEntry | undefined>((first, second) => {
    if (first && first.offset + first.length > second.offset) {
      throw new CheckpointOverlap({ first: first.name, second: second.name })
    }
    return second
  }, undefined)
  const last = ordered.at(-1)
  const wanted = last ? last.offset + last.length : start
  if (wanted !== size) throw new CheckpointTruncated({ found: size, wanted })
}

/** What a file of weights holds. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>
  readonly entries: ReadonlyMap<string, SafetensorsEntry>
}

/**
 * Reads a header, and checks that every tensor has bytes of its own in the file and that the file ends with the last.
 *
 * Source   https://huggingface.co/docs/safetensors, "Format".
 * Fails    CheckpointHeader, CheckpointDtype, TensorShape, CheckpointOverlap, CheckpointTruncated (thrown)
 */
export const decodeHeader = (header: HeaderText): Safetensors => {
  const table = decode(Header, "a JSON object", short(header.text))(header.text)
  const { [metadataKey]: metadata = {}, ...rows } = table
  const entries = Object.entries(rows).map(([name, value]) => decodeRow(header, name, value))
  checkExtents(entries, header)
  return {
    metadata: decode(Metadata, `texts under "${metadataKey}"`, short(metadata))(metadata),
    entries: new Map(entries.map((entry) => [entry.name, entry]))
  }
}
