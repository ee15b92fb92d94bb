import type { FlatTable } from "./FlatTable.ts"

/** Where the parts of the message in front of the footer lie. Units: bytes. */
const fields = 4
const table = 16
const header = table + 8
const wrapBytes = 32

/**
 * The message that tells the schema in a footer, as a stream begins with it: a table of FlatBuffers that points into the
 * footer behind it, for files that tell their schema there only.
 *
 * Shapes   length · offset of the table · its fields (size, size of the table, version, kind, header) · the table · footer
 */
export const schemaMessage = (footer: Uint8Array, schema: FlatTable): Uint8Array => {
  const padding = -footer.length & 7
  const bytes = Buffer.alloc(8 + wrapBytes + footer.length + padding)
  bytes.writeInt32LE(-1, 0)
  bytes.writeInt32LE(bytes.length - 8, 4)
  const message = bytes.subarray(8)
  message.writeUInt32LE(table, 0)
  for (const [i, value] of [10, 12, 4, 6, 8].entries()) message.writeUInt16LE(value, fields + 2 * i)
  message.writeInt32LE(table - fields, table)
  message.writeInt16LE(4, table + 4) // version 5 of the metadata
  message.writeUInt8(1, table + 6) // a schema
  message.writeUInt32LE(wrapBytes + schema.at - header, header)
  message.set(footer, wrapBytes)
  return bytes
}
