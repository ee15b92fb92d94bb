import { Field, Float64, List, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow"
import { parquetWriteBuffer } from "hyparquet-writer"

/** A good file, every `step`-th byte of which is damaged, and the bytes at which readers used to hang or to die. */
export interface DamagedFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly step: number
  readonly deadly: ReadonlyArray<number>
}

const flat = [
  { name: "text", data: ["one", "two"], type: "STRING" as const },
  { name: "number", data: [1, 2], type: "INT32" as const }
]
const message = (content: string) => ({ role: content.length > 1 ? "user" : "assistant", content })
const nested = [
  { name: "text", data: ["one", null, "two", "one"], type: "STRING" as const },
  { name: "list", data: [["a", "b"], [], ["c"], ["a"]] },
  { name: "messages", data: [[message("a")], [message("bc"), message("d")], [], [message("a")]] }
]

const table = new Table({
  text: vectorFromArray(["a", "é", null], new Utf8()),
  list: vectorFromArray([[1], [], [2, 3]], new List(new Field("item", new Float64(), false))),
  score: vectorFromArray([0.5, 1, 2], new Float64()),
  word: vectorFromArray(["p", null, "p"]) // a dictionary
})
/** Two batches of the same rows. */
const twice = table.concat(table)

/** Small files of every columnar kind. */
export const damagedFiles: ReadonlyArray<DamagedFile> = [
  {
    name: "plain.parquet",
    bytes: new Uint8Array(parquetWriteBuffer({ codec: "UNCOMPRESSED", columnData: flat })),
    step: 5,
    deadly: [20, 57]
  },
  {
    name: "snappy.parquet",
    bytes: new Uint8Array(parquetWriteBuffer({ codec: "SNAPPY", columnData: nested, rowGroupSize: 3 })),
    step: 17,
    deadly: [20, 201, 207]
  },
  {
    name: "file.arrow",
    bytes: tableToIPC(twice, "file"),
    step: 41,
    deadly: [118, 174, 294, 478, 878, 1062, 1568, 1854]
  },
  {
    name: "stream.arrow",
    bytes: tableToIPC(twice, "stream"),
    step: 41,
    deadly: [100, 336, 386, 510, 566, 686, 870, 1270, 1454]
  }
]
