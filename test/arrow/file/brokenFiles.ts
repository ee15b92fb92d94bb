import { gzipSync, inflateSync, zstdCompressSync } from "node:zlib"
import {
  Binary,
  Dictionary,
  Field,
  Int32,
  List,
  Table,
  tableFromArrays,
  tableToIPC,
  Utf8,
  vectorFromArray
} from "apache-arrow"
import { parquetWriteBuffer } from "hyparquet-writer"
import type { ReadOptions } from "../../../src/arrow/mod.ts"

/** A file that cannot be read, and the words for it behind `Cannot read "<path>": `. */
export interface BrokenFile {
  readonly what: string
  readonly name: string
  readonly bytes: string | Uint8Array
  readonly message: string
  readonly options?: ReadOptions
}

const good = '{"a":1}\n'
const line = (what: string, text: string | Uint8Array, message: string, options: ReadOptions = {}): BrokenFile => ({
  what: `a JSON line: ${what}`,
  name: "rows.jsonl",
  bytes: Buffer.concat([Buffer.from(good), Buffer.from(text)]),
  message,
  options
})
const document = (what: string, bytes: string, message: string, options: ReadOptions = {}): BrokenFile => ({
  what: `a JSON document: ${what}`,
  name: "rows.json",
  bytes,
  message,
  options
})
const csv = (what: string, bytes: string | Uint8Array, message: string, options: ReadOptions = {}): BrokenFile => ({
  what: `CSV: ${what}`,
  name: "rows.csv",
  bytes,
  message,
  options
})
const file = (what: string, name: string, bytes: string | Uint8Array, message: string): BrokenFile => ({
  what,
  name,
  bytes,
  message
})

/** A tar archive of one member, whose name leads out of any folder. */
const tar = Buffer.alloc(1536)
tar.write("../../outside.jsonl", 0)
tar.write("ustar", 257)
tar.write(good, 512)

const parquet = new Uint8Array(
  parquetWriteBuffer({
    codec: "UNCOMPRESSED",
    columnData: [
      { name: "text", data: ["one", "two"], type: "STRING" },
      { name: "number", data: [1, 2], type: "INT32" }
    ]
  })
)

/** Bytes of which some, behind the last place where `before` stands, are others. */
const edited = (bytes: Uint8Array, before: ReadonlyArray<number>, ...after: ReadonlyArray<number>): Uint8Array => {
  const copy = Buffer.from(bytes)
  const at = copy.lastIndexOf(Buffer.from(before))
  if (at < 0) throw new Error(`no bytes ${before.join(" ")}`)
  copy.set(after, at + before.length)
  return copy
}

/** How the footer begins to tell how a column is packed: its name, then field 4. */
const codecOfText = [4, ...Buffer.from("text"), 0x15]
/** Uncompressed, two values, and where the two sizes of the column begin. */
const sizesOfText = [...codecOfText, 0, 0x16, 4, 0x16]

const bigParquet = new Uint8Array(
  parquetWriteBuffer({ columnData: [{ name: "id", data: [1n, 2n ** 60n], type: "INT64" }] })
)
const bytesParquet = new Uint8Array(
  parquetWriteBuffer({
    columnData: [{ name: "text", data: [Uint8Array.of(0x61), Uint8Array.of(0xff)], type: "BYTE_ARRAY" }]
  })
)

const arrowTable = new Table({
  number: vectorFromArray(Float64Array.of(1, 2)),
  // numbered, because the library counts the dictionaries of the process
  text: vectorFromArray(["one", "two"], new Dictionary(new Utf8(), new Int32(), 0))
})
const arrowFile = tableToIPC(arrowTable, "file")
const arrowStream = tableToIPC(arrowTable, "stream")
const bigArrow = tableToIPC(tableFromArrays({ id: BigInt64Array.of(1n, -(2n ** 60n)) }), "stream")

/** One column "n" with one integer, written by pyarrow 25 with `compression="lz4"`. */
const lz4Arrow = inflateSync(
  Buffer.from(
    "eNp1TzkOwkAMnA0miZCLLbaIBEXESyhp+AMvoKZEvILfmrExIiAxK58aj71mZlcAFY4NFD3WGJkRRViD1Ugv6dmmtZhp7PUYglVTo3Qed8lF8i+ho7QhdLw903G9PVLPoZjyAg1VrCS0Znyg7NS458U55r6Wu96QeECH/9gu8vIzj8UfZH+azoc7y9sXxe/3+ART+BK9",
    "base64"
  )
)

/** Texts in lists, one of which holds 0xff: written as bytes of the same layout, whose type in the schema is then text. */
const listsOfText = (() => {
  const bytes = new List(new Field("item", new Binary(), true))
  const column = vectorFromArray([[Buffer.from("a")], [Buffer.from("b"), Buffer.from([0xff])]], bytes)
  const stream = Buffer.from(tableToIPC(new Table({ list: column }), "stream"))
  const [binary, text] = [4, 5] // numbers of the types in the format
  const at = stream.indexOf("item") - 9 // where the number of its type lies in its table
  if (stream[at] !== binary) throw new Error(`no type of bytes at byte ${at}`)
  stream[at] = text
  return stream
})()

const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`

const lines: ReadonlyArray<BrokenFile> = [
  line("a comma before the brace", '{"a":1,}', 'line 2, character 8: found "}", wanted a key in quotes'),
  line("a comma before the bracket", '{"a":[1,]}', 'line 2, character 9: found "]", wanted a value'),
  line(
    "a text without an end",
    '{"a":"x',
    'line 2, character 6: found "\\"x", wanted a string that is closed, without line breaks, control characters and unknown escapes'
  ),
  line("an object without an end", '{"a":1', 'line 2, character 7: found the end, wanted "," or "}"'),
  line("no colon", '{"a" 1}', 'line 2, character 6: found "1", wanted ":"'),
  line("a key without quotes", "{a:1}", 'line 2, character 2: found "a", wanted a key in quotes'),
  line("single quotes", "{'a':1}", 'line 2, character 2: found "\'", wanted a key in quotes'),
  line("a number with a zero in front", '{"a":01}', 'line 2, character 6: found "01", wanted a value'),
  line("a number that JSON has not", '{"a":NaN}', 'line 2, character 6: found "NaN", wanted a value'),
  line("a word of Python", '{"a":None}', 'line 2, character 6: found "None", wanted a value'),
  line(
    "an unknown escape",
    '{"a":"\\x"}',
    'line 2, character 6: found "\\"\\\\x\\"", wanted a string that is closed, without line breaks, control characters and unknown escapes'
  ),
  line(
    "a tabulator in a text",
    '{"a":"\t"}',
    'line 2, character 6: found "\\"\\t\\"", wanted a string that is closed, without line breaks, control characters and unknown escapes'
  ),
  line("two objects", '{"a":1}{"a":2}', 'line 2, character 8: found "{", wanted the end'),
  line("an array", "[1]", "line 2: found [1], wanted object"),
  line("a text", '"x"', 'line 2: found "x", wanted object'),
  line("null", "null", "line 2: found null, wanted object"),
  line("a key twice", '{"a":1,"a":2}', 'line 2, field "a": found the key twice, wanted it once'),
  line(
    "a key twice, written differently, in a struct",
    '{"m":[{"a":1,"\\u0061":2}]}',
    'line 2, field "m[0].a": found the key twice, wanted it once'
  ),
  line(
    "a byte of Latin-1",
    Uint8Array.of(0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d),
    "line 2: found 0xe9 at byte 2, wanted UTF-8"
  ),
  line(
    "a surrogate in UTF-8",
    Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22),
    "line 2: found 0xed at byte 1, wanted UTF-8"
  ),
  line(
    "an overlong slash in UTF-8",
    Uint8Array.of(0x22, 0xc0, 0xaf, 0x22),
    "line 2: found 0xc0 at byte 1, wanted UTF-8"
  ),
  line("half a character at its end", Uint8Array.of(0x22, 0xe2, 0x82), "line 2: found 0xe2 at byte 1, wanted UTF-8"),
  line(
    "half a surrogate pair",
    '{"a":{"b":["x","\\ud83d"]}}',
    'line 2, field "a.b[1]": found half of a surrogate pair, wanted whole characters'
  ),
  line("a NUL byte", '{"a":"\0"}', "line 2: found a NUL byte at byte 6, wanted text"),
  line("NUL bytes alone", "\0\0\0\0", "line 2: found a NUL byte at byte 0, wanted text"),
  line("more bytes than allowed", `{"a":"${"x".repeat(100)}"}`, "line 2: found more than 64 bytes, wanted at most 64", {
    maxLineBytes: 64
  }),
  line(
    "arrays in each other beyond the limit",
    `{"a":${deep(256)}}`,
    "line 2: found more than 256 arrays and objects in each other, wanted at most 256"
  ),
  line(
    "arrays in each other without end",
    `{"a":${"[".repeat(100_000)}`,
    "line 2: found more than 256 arrays and objects in each other, wanted at most 256"
  ),
  line("a second byte order mark", "\uFEFF{}", 'line 2, character 1: found "﻿", wanted a value')
]

const documents: ReadonlyArray<BrokenFile> = [
  document(
    "nothing",
    "",
    "line 1, character 1: found the end of the file, wanted an array of objects, or an object with one array of objects"
  ),
  document(
    "a text",
    '"x"',
    'line 1, character 1: found "\\"", wanted an array of objects, or an object with one array of objects'
  ),
  document(
    "a number",
    "1",
    'line 1, character 1: found "1", wanted an array of objects, or an object with one array of objects'
  ),
  document(
    "an object without an array",
    '{"a":1}',
    "line 1, character 8: found an object without an array of objects, wanted an array of objects, or an object with one array of objects"
  ),
  document(
    "an object with an array of numbers only",
    '{"a":[1]}',
    "line 1, character 10: found an object without an array of objects, wanted an array of objects, or an object with one array of objects"
  ),
  document(
    "two arrays of objects",
    '{"a":[{}],"b":[{}]}',
    'line 1, character 19: found arrays of objects in "a" and "b", wanted an array of objects, or an object with one array of objects'
  ),
  document("a key twice", '{"a":1,"a":[]}', 'line 1, field "a": found the key twice, wanted it once'),
  document("a key without an end", '{"a', "line 1, character 4: found a key without an end, wanted a key in quotes"),
  document("a comma before the bracket", '[{"a":1},\n]', 'line 2, character 1: found "]", wanted an object'),
  document("no comma", '[{"a":1}\n{"a":2}]', 'line 2, character 1: found "{", wanted "," or "]"'),
  document("two commas", '[{"a":1},,{"a":2}]', 'line 1, character 10: found ",", wanted an object'),
  document("no bracket at its end", '[{"a":1}', 'line 1, character 9: found the end of the file, wanted "," or "]"'),
  document(
    "an end within a row",
    '[{"a":1},{"a":"x',
    "line 1, character 17: found the end of the file, wanted the end of row 1"
  ),
  document("text behind its end", "[]\n\nx", 'line 3, character 1: found "x", wanted the end of the file'),
  document(
    "JSON lines",
    '{"a":1}\n{"a":2}\n',
    "line 2, character 1: found a second object, as in JSON lines, wanted an array of objects, or an object with one array of objects"
  ),
  document("a row that is no object", '[{"a":1},2]', "row 1: found 2, wanted object"),
  document("a broken row", '[{"a":1},{"a":tru}]', 'row 1, character 6: found "tru", wanted a value'),
  document(
    "a row with a key twice",
    '[{"a":1},{"a":1,"a":2}]',
    'row 1, field "a": found the key twice, wanted it once'
  ),
  document(
    "a row with more bytes than allowed",
    `[{"a":"${"x".repeat(100)}"}]`,
    "row 0: found more than 64 bytes, wanted at most 64",
    { maxLineBytes: 64 }
  )
]

const tables: ReadonlyArray<BrokenFile> = [
  csv("nothing", "", "line 1: found the end of the file, wanted a header"),
  csv(
    "a name twice in the header",
    "a,b,a\n1,2,3\n",
    'line 1: found the column "a" twice, wanted a header of different names'
  ),
  csv(
    "no name in the header",
    "a,,c\n1,2,3\n",
    "line 1: found a column without a name, column 2 of 3, wanted a header of different names"
  ),
  csv("fewer cells than names", 'a,b\n1,"2\n2"\n3\n', "line 4: found 1 columns, wanted 2, as in the header"),
  csv("more cells than names", "a,b\n1,2\n\n1,2,3\n", "line 4: found 3 columns, wanted 2, as in the header"),
  csv(
    "a quote without an end",
    'a,b\n1,"2\n3,4\n',
    "line 3: found the end of the file in a quoted field, wanted a closing quote"
  ),
  csv(
    "text behind a quote",
    'a,b\n1,"2"3\n',
    "line 2: found text behind a closing quote, wanted a delimiter or a line break"
  ),
  csv(
    "a quote within a cell",
    'a,b\n1,2"3\n',
    "line 2: found a quote within a field without quotes, wanted the field in quotes"
  ),
  csv(
    "a byte of Latin-1",
    Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0x78, 0xe9, 0x0a),
    'line 2, field "b": found 0xe9 at byte 1, wanted UTF-8'
  ),
  csv("a NUL byte", "a,b\n1,\0\n", 'line 2, field "b": found a NUL byte at byte 0, wanted text'),
  csv(
    "a record with more bytes than allowed",
    `a,b\n1,${"x".repeat(100)}\n`,
    "line 2: found more than 64 bytes, wanted at most 64",
    { maxLineBytes: 64 }
  ),
  file("TSV: fewer cells than names", "rows.tsv", "a\tb\n1\n", "line 2: found 1 columns, wanted 2, as in the header"),
  file("text: a NUL byte", "rows.txt", "a\nb\0", "line 2: found a NUL byte at byte 1, wanted text"),
  file(
    "text: a byte of Latin-1",
    "rows.txt",
    Uint8Array.of(0x61, 0x0a, 0xe9),
    "line 2: found 0xe9 at byte 0, wanted UTF-8"
  )
]

const packed: ReadonlyArray<BrokenFile> = [
  file("gzip: cut", "rows.jsonl.gz", gzipSync(good).subarray(0, -9), "found damaged data (unexpected end of file)"),
  file("gzip: nothing", "rows.jsonl.gz", "", "found 0 bytes, wanted gzip data"),
  file(
    "gzip: plain text",
    "rows.jsonl.gz",
    good,
    'found a file that begins with "{\\"a\\":1}\\n", wanted gzip data, as the name says'
  ),
  file(
    "gzip: another sum",
    "rows.jsonl.gz",
    Buffer.concat([gzipSync(good).subarray(0, -8), Buffer.alloc(8, 1)]),
    "found damaged data (incorrect data check)"
  ),
  file(
    "gzip: text behind it",
    "rows.jsonl.gz",
    Buffer.concat([gzipSync(good), Buffer.from("rest")]),
    "found damaged data (incorrect header check)"
  ),
  file(
    "a tar archive, named so",
    "rows.tar",
    tar,
    "found a tar archive, wanted the files in it: unpack it, and name the folder"
  ),
  file(
    "a packed tar archive, named so",
    "rows.tar.gz",
    gzipSync(tar),
    "found a tar archive, wanted the files in it: unpack it, and name the folder"
  ),
  file(
    "a zip archive, named so",
    "rows.zip",
    "PK\x03\x04",
    "found a zip archive, wanted the files in it: unpack it, and name the folder"
  ),
  file("gzip: a tar archive in it", "rows.jsonl.gz", gzipSync(tar), "found a tar archive, wanted JSON lines in UTF-8"),
  file("a tar archive, named otherwise", "rows.csv", tar, "found a tar archive, wanted CSV in UTF-8"),
  file("gzip: Parquet in it", "rows.jsonl.gz", gzipSync(parquet), "found Parquet, wanted JSON lines in UTF-8"),
  file("gzip: a name without it", "rows.jsonl", gzipSync(good), "found gzip, wanted JSON lines in UTF-8"),
  file(
    "zstd: cut",
    "rows.jsonl.zst",
    zstdCompressSync(good).subarray(0, -3),
    "found damaged data (unexpected end of file)"
  ),
  file("zstd: gzip", "rows.jsonl.zst", gzipSync(good), "found gzip, wanted zstd data, as the name says"),
  file(
    "zstd: text behind it",
    "rows.jsonl.zst",
    Buffer.concat([zstdCompressSync(good), Buffer.from("rest")]),
    "found damaged data (4 bytes behind the packed data)"
  )
]

const kinds: ReadonlyArray<BrokenFile> = [
  file(
    "a name without an ending",
    "rows",
    good,
    "found a name without a known ending, wanted one of .jsonl, .ndjson, .json, .csv, .tsv, .txt, .parquet, .arrow, .feather, .ipc, also with .gz or .zst"
  ),
  file(
    "an unknown ending behind .gz",
    "rows.xml.gz",
    gzipSync("<a/>"),
    "found a name without a known ending, wanted one of .jsonl, .ndjson, .json, .csv, .tsv, .txt, .parquet, .arrow, .feather, .ipc, also with .gz or .zst"
  ),
  file("JSON lines: Parquet", "rows.jsonl", parquet, "found Parquet, wanted JSON lines in UTF-8"),
  file("JSON lines: an Arrow file", "rows.jsonl", arrowFile, "found an Arrow IPC file, wanted JSON lines in UTF-8"),
  file(
    "JSON lines: UTF-16",
    "rows.jsonl",
    Buffer.from("\uFEFF{}", "utf16le"),
    "found text in UTF-16, wanted JSON lines in UTF-8"
  ),
  file("CSV: a zip archive", "rows.csv", "PK\u0003\u0004...", "found a zip archive, wanted CSV in UTF-8"),
  file(
    "Parquet: JSON",
    "rows.parquet",
    "[{}, {}, {}, {}]",
    'found a file that begins with "[{},", wanted Parquet ("PAR1")'
  ),
  file("Parquet: Arrow", "rows.parquet", arrowFile, 'found an Arrow IPC file, wanted Parquet ("PAR1")'),
  file("Arrow: Parquet", "rows.arrow", parquet, "found Parquet, wanted an Arrow IPC file or stream"),
  file(
    "Arrow: Feather version 1",
    "rows.feather",
    "FEA1............",
    "found Feather version 1, wanted an Arrow IPC file or stream"
  ),
  file(
    "Arrow: JSON",
    "rows.arrow",
    good,
    'found a file that begins with "{\\"a\\":1", wanted an Arrow IPC file or stream'
  )
]

const columnar: ReadonlyArray<BrokenFile> = [
  file("Parquet: nothing", "rows.parquet", "", 'found 0 bytes, wanted a footer that ends in "PAR1"'),
  file("Parquet: the magic alone", "rows.parquet", "PAR1", 'found 4 bytes, wanted a footer that ends in "PAR1"'),
  file("Parquet: cut", "rows.parquet", parquet.subarray(0, -9), 'found 249 bytes, wanted a footer that ends in "PAR1"'),
  file(
    "Parquet: a footer longer than the file",
    "rows.parquet",
    Buffer.concat([parquet.subarray(0, -8), Buffer.from([255, 255, 0, 0]), Buffer.from("PAR1")]),
    "found 258 bytes, wanted a footer of 65535 bytes"
  ),
  file(
    "Parquet: a footer of a negative length",
    "rows.parquet",
    Buffer.concat([parquet.subarray(0, -8), Buffer.from([255, 255, 255, 255]), Buffer.from("PAR1")]),
    "found 258 bytes, wanted a footer of -1 bytes"
  ),
  file(
    "Parquet: an unknown codec",
    "rows.parquet",
    edited(parquet, codecOfText, 6),
    'column "text": found the codec LZO, wanted one of UNCOMPRESSED, SNAPPY, GZIP, BROTLI, ZSTD, LZ4, LZ4_RAW'
  ),
  file(
    "Parquet: a negative size",
    "rows.parquet",
    edited(parquet, sizesOfText, 0x36, 0x16, 0x37),
    'found damaged data (the footer names column "text" at byte 4, -28 bytes long)'
  ),
  file(
    "Parquet: bytes taken out of its columns",
    "rows.parquet",
    Buffer.concat([parquet.subarray(0, 4), parquet.subarray(30)]),
    'found damaged data (the footer names column "number" at byte 41, 31 bytes long)'
  ),
  file(
    "Parquet: row groups that do not add up",
    "rows.parquet",
    edited(parquet, [0x16], 6),
    "found damaged data (the footer names row groups of 3 rows, 2 in all)"
  ),
  file(
    "Parquet: a damaged page",
    "rows.parquet",
    Buffer.concat([parquet.subarray(0, 4), Buffer.alloc(8, 0xff), parquet.subarray(12)]),
    'rows 0 to 1, column "text": found damaged data (type 15 at byte 1)'
  ),
  file(
    "Parquet: an integer of 61 bits",
    "rows.parquet",
    bigParquet,
    'row 1, field "id": found 1152921504606846976, wanted an integer of at most 2^53 − 1'
  ),
  file(
    "Parquet: bytes that are not UTF-8",
    "rows.parquet",
    bytesParquet,
    'row 1, field "text": found 0xff at byte 0, wanted UTF-8'
  ),
  {
    what: "Parquet: a column that is not there",
    name: "rows.parquet",
    bytes: parquet,
    options: { columns: ["text", "id"] },
    message: 'column "id": found columns text, number, wanted a column'
  },
  file("Arrow: nothing", "rows.arrow", "", "found 0 bytes, wanted an Arrow IPC file or stream"),
  file(
    "Arrow: a cut file",
    "rows.arrow",
    arrowFile.subarray(0, -20),
    'found 718 bytes, wanted a footer that ends in "ARROW1"'
  ),
  file(
    "Arrow: a stream cut in its schema",
    "rows.arrow",
    arrowStream.subarray(0, 40),
    "found damaged data (32 bytes, wanted 224 bytes of a message)"
  ),
  file(
    "Arrow: a stream cut in its batch",
    "rows.arrow",
    arrowStream.subarray(0, -24),
    "found damaged data (8 bytes, wanted a body of 24)"
  ),
  file(
    "Arrow: an integer of 61 bits",
    "rows.arrow",
    bigArrow,
    'row 1, field "id": found -1152921504606846976, wanted an integer of at most 2^53 − 1'
  ),
  file("Arrow: packed by LZ4", "rows.arrow", lz4Arrow, "found the codec LZ4, wanted one of none, ZSTD"),
  file(
    "Arrow: text in a list that is not UTF-8",
    "rows.arrow",
    listsOfText,
    'row 1, field "list[1]": found 0xff at byte 0, wanted UTF-8'
  ),
  {
    what: "Arrow: a column that is not there",
    name: "rows.arrow",
    bytes: arrowStream,
    options: { columns: ["id"] },
    message: 'column "id": found columns number, text, wanted a column'
  }
]

/** Broken files of every kind. */
export const brokenFiles: ReadonlyArray<BrokenFile> = [
  ...lines,
  ...documents,
  ...tables,
  ...packed,
  ...kinds,
  ...columnar
]
