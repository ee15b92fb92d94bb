import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { closeKernel, firstFree, openKernel } from "../../../src/arrow/json/kernel/openKernel.ts"
import { Scanner } from "../../../src/arrow/json/Scanner.ts"
import { writerOf } from "../../../src/arrow/json/writerOf.ts"

describe("murmur128()", () => {
  it("gives the published hashes of MurmurHash3_x64_128", () => {
    const { bytes, murmur128 } = openKernel(1024)
    const hashOf = (text: string) => {
      bytes.fill(0xaa, firstFree) // what lies behind a text must not matter
      murmur128(firstFree, Buffer.from(bytes.buffer).write(text, firstFree), 0)
      return Buffer.from(bytes.buffer, 0, 16).swap64().toString("hex")
    }
    assert.strictEqual(hashOf(""), "0".repeat(32))
    assert.strictEqual(hashOf("hello"), "cbd8a7b341bd9b025b1e906a48ae1d19")
    assert.strictEqual(hashOf("The quick brown fox jumps over the lazy dog"), "e34bbc7bbc071b6c7a433ca9c49a9347")
  })
})

describe("xxh3()", () => {
  it("gives what xxhash 4.0.1 for Python (xxh3_128) gives for the bytes 7·i² + i", () => {
    const { bytes, xxh3 } = openKernel(8192)
    const hashOf = (length: number) => {
      bytes.fill(0xaa, firstFree)
      for (let i = 0; i < length; i++) bytes[firstFree + i] = 7 * i * i + i
      xxh3(firstFree, length, 0)
      return Buffer.from(bytes.slice(0, 16).reverse()).toString("hex")
    }
    assert.deepStrictEqual([241, 1024, 1025, 4999].map(hashOf), [
      "1ddb79072c16099a2ac52313305db1d5",
      "63bb61ffec339974e31ca2c80f9dda9d",
      "c1bd4cf32c2df43b5b4e0c96ebe9b701",
      "32208c6fb867d98f3a2a2ea5cca0601c"
    ])
  })
})

describe("openKernel()", () => {
  it("gives the memory of a kernel that was closed, once, and to one of its size", () => {
    const first = openKernel(3_000_000)
    closeKernel(first)
    assert.notStrictEqual(openKernel(4_000_000).bytes, first.bytes)
    assert.strictEqual(openKernel(3_000_000).bytes, first.bytes)
    assert.notStrictEqual(openKernel(3_000_000).bytes, first.bytes)
  })
})

describe("copyText()", () => {
  it("stops at quotes, unknown escapes and control characters, and at no other byte", () => {
    const { bytes, copyText } = openKernel(1024)
    const stops = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => {
      bytes.fill(0x61, firstFree, firstFree + 40)
      bytes[firstFree + 20] = byte
      bytes[firstFree + 40] = 0x22
      return copyText(firstFree, firstFree + 512) === firstFree + 20
    })
    assert.deepStrictEqual(stops, [...Array(32).keys(), 0x22, 0x5c])
  })
})

const Row = Schema.Struct({
  name: Schema.String,
  note: Schema.optionalKey(Schema.String),
  turns: Schema.Array(Schema.Struct({ text: Schema.String, ok: Schema.Boolean })),
  numbers: Schema.Array(Schema.NullOr(Schema.Finite)),
  score: Schema.NullOr(Schema.Int)
})
const row: typeof Row.Type = { name: "a long name, of more than 16 bytes", turns: [], numbers: [], score: null }

describe("readRow()", () => {
  const scanner = new Scanner({ capacity: 4096, texts: 3 })
  const read = scanner.kernel.rowReader(writerOf(Row)?.(scanner).shape ?? { kind: "flag" })
  /** How many bytes of a line the kernel reads. */
  const readsOf = (line: string): number => {
    const at = scanner.start
    scanner.begin(at, scanner.load([Buffer.from(line)]))
    return Math.max(0, (read?.(at, scanner.tape.start) ?? 0) - at)
  }
  const close = JSON.stringify(row)
  const full: typeof Row.Type = {
    ...row,
    turns: [
      { text: '"\\\n', ok: true },
      { text: "é€😀", ok: false }
    ],
    numbers: [0, -1.5, null, 12345678.25],
    score: -12
  }
  const withNote = close.replace('"turns"', '"note":"x","turns"')

  it("reads rows as JSON.stringify and as Python's json.dumps write them", () => {
    const lines = [close, JSON.stringify(full), withNote]
    const spaced = lines.map((line) => line.replaceAll('":', '": ').replaceAll(/(?<=[\]}"0-9l]),(?=["{0-9n-])/g, ", "))
    for (const line of [...lines, ...spaced]) assert.strictEqual(readsOf(`${line}\n`), Buffer.byteLength(line))
  })

  it.each([
    close.replace("name", "nam"),
    close.replace('"a', '"\\u0061'),
    close.replace('"a', '"\t'),
    close.replace("16", "\\x"),
    close.replace('"turns":[],"numbers":[]', '"numbers":[],"turns":[]'),
    close.replace("null", "1e2"),
    close.replace("null", "01"),
    close.replace("null", "-"),
    close.replace("null", "1."),
    close.replace("null", "1234567890123456"),
    close.replace("null", "nul"),
    close.replace("null", ""),
    close.replace('"numbers":[]', '"numbers":[1,]'),
    close.replace('"numbers":[]', '"numbers":[1 2]'),
    close.replace("}", ',"name":"b"}'),
    close.slice(0, -1),
    ""
  ])("leaves %s to others", (line) => {
    assert.strictEqual(readsOf(`${line}\n`), 0)
  })
})
