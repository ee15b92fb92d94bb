import { assert, it } from "@effect/vitest"
import { tfRecord } from "../../src/telemetry/tfRecord.ts"

const hex = (text: string) => Buffer.from(text, "hex")
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex")

/** A masked checksum as four little-endian bytes. */
const masked = (crc: number) => {
  const turned = Buffer.alloc(4)
  // ((crc >> 15) | (crc << 17)) + 0xa282ead8, in arithmetic without a word size
  const [low, high] = [crc % 2 ** 15, Math.floor(crc / 2 ** 15)]
  turned.writeUInt32LE((low * 2 ** 17 + high + 0xa282_ead8) % 2 ** 32)
  return hexOf(turned)
}

/** Contents whose crc32c RFC 3720 gives in B.4, and the one of every table of checksums. */
const vectors = [
  ["32 zeros", Buffer.alloc(32), 0x8a91_36aa],
  ["32 bytes of ones", Buffer.alloc(32, 0xff), 0x62a8_ab43],
  ["0 to 31", Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd_794e],
  ["31 to 0", Buffer.from(Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113f_db5c],
  ["123456789", Buffer.from("123456789"), 0xe306_9283]
] as const

for (const [name, content, crc] of vectors) {
  it(`tfRecord() closes ${name} with its masked crc32c`, () => {
    const record = tfRecord(content)
    assert.strictEqual(record.length, content.length + 16)
    assert.strictEqual(hexOf(record.subarray(12, 12 + content.length)), hexOf(content))
    assert.strictEqual(hexOf(record.subarray(12 + content.length)), masked(crc))
  })
}

it("tfRecord() begins with the length, 24, and the checksum that TensorFlow's own files have there", () => {
  // the first record of an event file holds a wall time and "brain.Event:2": 24 bytes
  assert.strictEqual(hexOf(tfRecord(Buffer.alloc(24)).subarray(0, 12)), hexOf(hex("1800000000000000a37f4b22")))
})
