import { crc32c } from "@node-rs/crc32"

/** The checksum as TFRecord stores it: turned by 15 bits and shifted, since a checksum of checksums says little. */
const masked = (bytes: Uint8Array): number => {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0
}

/**
 * One record of a file of TensorFlow: length, its checksum, the content, its checksum.
 *
 * Source   The TFRecord format: uint64 and masked crc32c, both little-endian.
 */
export const tfRecord = (content: Uint8Array): Uint8Array => {
  const record = new Uint8Array(content.length + 16)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(content.length), true)
  view.setUint32(8, masked(record.subarray(0, 8)), true)
  record.set(content, 12)
  view.setUint32(12 + content.length, masked(content), true)
  return record
}
