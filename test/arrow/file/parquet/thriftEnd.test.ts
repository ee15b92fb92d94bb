import { assert, describe, it } from "@effect/vitest"
import { ThriftBroken, thriftEnd } from "../../../../src/arrow/file/parquet/thriftEnd.ts"

const [integer, text, list, struct] = [5, 8, 9, 12]
/** The head of a field whose number is one more than that of the field before it. */
const next = (type: number) => (1 << 4) | type
const end = (...bytes: ReadonlyArray<number>) => thriftEnd(Uint8Array.from(bytes), 0)

describe("thriftEnd()", () => {
  it("is behind the last byte of a structure, whatever follows it", () => {
    assert.strictEqual(end(0, 9), 1)
    assert.strictEqual(end(next(integer), 0x84, 0x01, next(text), 2, 65, 66, 0, 9), 8)
    assert.strictEqual(end(next(list), (2 << 4) | integer, 1, 2, next(struct), next(integer), 1, 0, 0), 9)
    assert.strictEqual(end(integer, 8, 2, 0), 4) // the number of the field in a byte of its own
  })

  it("refuses lengths beyond the bytes, types that are none, and structures without an end", () => {
    assert.throws(() => end(next(text), 9, 65, 0), ThriftBroken)
    assert.throws(() => end(next(list), 0xf5, 0xff, 0xff, 0xff, 0x07, 0), ThriftBroken)
    assert.throws(() => end(next(15), 0), ThriftBroken)
    assert.throws(() => end(next(integer), 1), ThriftBroken)
    assert.throws(() => end(next(integer), ...Array.from({ length: 11 }, () => 0x80), 0), ThriftBroken)
    assert.throws(() => end(...Array.from({ length: 100 }, () => next(struct))), ThriftBroken)
  })
})
