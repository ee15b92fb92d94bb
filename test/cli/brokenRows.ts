import { gzipSync, zstdCompressSync } from "node:zlib"
import { Table, tableToIPC, vectorFromArray } from "apache-arrow"
import { parquetWriteBuffer } from "hyparquet-writer"

/** A file of prompts of which something is broken. */
export interface BrokenRows {
  readonly what: string
  readonly name: string
  readonly bytes: Uint8Array
  /** Rows that are left out and counted where such rows are skipped; undefined where nothing behind the fault can be read. */
  readonly skipped?: number
}

const prompt = (i: number) => JSON.stringify({ prompt: `ask ${i}` })
const before = [1, 2, 3].map(prompt)
const after = [4, 5, 6].map(prompt)
const bytesOf = (part: string | Uint8Array) => (typeof part === "string" ? Buffer.from(part) : part)

/** A line between good ones, as JSON lines. */
const line = (what: string, broken: string | Uint8Array): BrokenRows => ({
  what: `line: ${what}`,
  name: "rows.jsonl",
  bytes: Buffer.concat([bytesOf(`${before.join("\n")}\n`), bytesOf(broken), bytesOf(`\n${after.join("\n")}\n`)]),
  skipped: 1
})

/** An element between good ones, in a JSON array. */
const element = (what: string, broken: string, skipped?: number): BrokenRows => ({
  what: `element: ${what}`,
  name: "rows.json",
  bytes: Buffer.from(`[${[...before, broken, ...after].join(",")}]`),
  ...(skipped === undefined ? {} : { skipped })
})

/** A row of CSV between good ones. */
const cells = (what: string, broken: string | Uint8Array, skipped?: number): BrokenRows => ({
  what: `CSV: ${what}`,
  name: "rows.csv",
  bytes: Buffer.concat([bytesOf("prompt,source\na,s\nb,s\nc,s\n"), bytesOf(broken), bytesOf("\nd,s\ne,s\n")]),
  ...(skipped === undefined ? {} : { skipped })
})

const file = (what: string, name: string, bytes: string | Uint8Array): BrokenRows => ({
  what: `file: ${what}`,
  name,
  bytes: bytesOf(bytes)
})

const lines = `${[...before, ...after].join("\n")}\n`
const gzip = gzipSync(lines)
const zstd = zstdCompressSync(lines)
const texts = Array.from({ length: 64 }, (_, i) => `ask ${i} of a text that is not short`)
const parquet = new Uint8Array(
  parquetWriteBuffer({ codec: "UNCOMPRESSED", columnData: [{ name: "prompt", data: texts, type: "STRING" }] })
)
const arrow = tableToIPC(new Table({ prompt: vectorFromArray(texts) }), "file")
const stream = tableToIPC(new Table({ prompt: vectorFromArray(texts) }), "stream")

/** Bytes of which some are others. */
const edited = (bytes: Uint8Array, at: number, ...others: ReadonlyArray<number>) => {
  const copy = bytes.slice()
  copy.set(others, at < 0 ? bytes.length + at : at)
  return copy
}
const tar = Buffer.alloc(1536)
tar.write("../../outside.jsonl", 0)
tar.write("ustar", 257)
tar.write(lines, 512)

/** What the fields of a row may hold that is no prompt. */
const misfits = [
  '{"prompt":5}',
  '{"prompt":""}',
  '{"prompt":null}',
  '{"prompt":[]}',
  '{"prompt":[{"role":"robot","content":"x"}]}'
]
const others = ['{"question":"x"}', "{}", '{"prompt":["a"]}', '{"prompt":true}', '{"prompt":{"a":1}}']

/** Files of prompts, each broken in one way. */
export const brokenRows: ReadonlyArray<BrokenRows> = [
  line("half an object", '{"prompt":'),
  line("half a text", '{"prompt":"a'),
  line("no value", '{"prompt":}'),
  line("a comma too many", '{"prompt":"a",}'),
  line("no colon", '{"prompt" "a"}'),
  line("single quotes", "{'prompt':'a'}"),
  line("a bare word", '{"prompt":abc}'),
  line("NaN", '{"prompt":"a","score":NaN}'),
  line("a number with a leading zero", '{"prompt":"a","score":01}'),
  line("two objects", '{"prompt":"a"}{"prompt":"b"}'),
  line("text behind it", '{"prompt":"a"} and more'),
  line("a comment", '{"prompt":"a"} // why'),
  line("a bad escape", '{"prompt":"\\q"}'),
  line("half an escape", '{"prompt":"\\u12"}'),
  line("a lone surrogate", '{"prompt":"\\ud800"}'),
  line("a control character", '{"prompt":"a\tb"}'),
  line("a NUL", '{"prompt":"a\0b"}'),
  line("bytes that are not UTF-8", Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])),
  line("half a character", Buffer.concat([Buffer.from('{"prompt":"'), Uint8Array.of(0xc3), Buffer.from('"}')])),
  line("a key twice", '{"prompt":"a","prompt":"b"}'),
  line("300 lists in each other", `{"prompt":${"[".repeat(300)}${"]".repeat(300)}}`),
  line("a closing bracket", "]"),
  line("an array", '["a"]'),
  line("a number", "5"),
  line("null", "null"),
  ...misfits.map((row) => line(`no prompt: ${row}`, row)),
  ...others.map((row) => line(`another row: ${row}`, row)),
  ...misfits.map((row) => element(`no prompt: ${row}`, row, 1)),
  element("a number", "5", 1),
  element("half an object", '{"prompt":'),
  element("a bare word", "oops", 1),
  element("a bad escape", '{"prompt":"\\q"}', 1),
  file("a document without an end", "rows.json", `[${before.join(",")},`),
  file("text behind a document", "rows.json", `[${before.join(",")}] and more`),
  file("a document without rows", "rows.json", '{"a":1}'),
  cells("too many cells", "a,b,c,d", 1),
  cells("too few cells", "a", 1),
  cells("an open quote", '"a,b'),
  cells("bytes that are not UTF-8", Uint8Array.of(0xff, 0xfe, 0x2c, 0x73), 1),
  cells("an empty prompt", ",s", 1),
  file("a head and nothing else", "rows.csv", "prompt,source\n"),
  file("a head that comes twice", "rows.csv", "prompt,prompt\na,b\n"),
  file("nothing", "rows.jsonl", ""),
  file("blank lines", "rows.jsonl", "\n\n\n"),
  file("UTF-16", "rows.jsonl", Buffer.from(`\uFEFF${lines}`, "utf16le")),
  file("a name without an ending", "rows", lines),
  file("gzip: cut", "rows.jsonl.gz", gzip.subarray(0, -9)),
  file("gzip: nothing", "rows.jsonl.gz", ""),
  file("gzip: plain text", "rows.jsonl.gz", lines),
  file("gzip: another sum", "rows.jsonl.gz", edited(gzip, -8, 1, 2, 3, 4)),
  file("gzip: more behind it", "rows.jsonl.gz", Buffer.concat([gzip, Buffer.from("rest")])),
  file("gzip in a plain name", "rows.jsonl", gzip),
  file("zstd: cut", "rows.jsonl.zst", zstd.subarray(0, -3)),
  file("zstd: gzip", "rows.jsonl.zst", gzip),
  file("Parquet: cut", "rows.parquet", parquet.subarray(0, -20)),
  file("Parquet: nothing", "rows.parquet", ""),
  file("Parquet: text", "rows.parquet", lines),
  file("Parquet: a length of the footer beyond the file", "rows.parquet", edited(parquet, -8, 255, 255, 255, 127)),
  file("Parquet: a wiped page", "rows.parquet", edited(parquet, 4, ...Array.from({ length: 40 }, () => 0))),
  file("Arrow: cut", "rows.arrow", arrow.subarray(0, -20)),
  file("Arrow: text", "rows.arrow", lines),
  file("Arrow: a stream that is cut", "rows.arrow", stream.subarray(0, stream.length >> 1)),
  file("Arrow: a wiped message", "rows.arrow", edited(arrow, 8, ...Array.from({ length: 64 }, () => 255))),
  file("a tar archive", "rows.tar", tar),
  file("a tar archive, packed", "rows.tar.gz", gzipSync(tar)),
  file("a tar archive in another name", "rows.jsonl.gz", gzipSync(tar)),
  file("a zip archive", "rows.zip", "PK\u0003\u0004"),
  file("a zip archive in another name", "rows.jsonl", "PK\u0003\u0004")
]
