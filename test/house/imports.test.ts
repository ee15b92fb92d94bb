import { readdirSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"

const root = new URL("../../", import.meta.url)

/** Rooms by floor, the ground first: a file imports from its own room and from lower floors. */
const floors = [
  ["schemas", "random"],
  ["arrow", "text", "graph"],
  ["model", "loss", "pairing", "metric", "curation"],
  ["dataset"],
  ["runtime", "remote", "tokenizing"],
  ["hub"], // asks servers with the patience of remote
  ["checkpoint"],
  ["sampler", "scorer", "telemetry", "export", "embedding"],
  ["judge"],
  ["server"],
  ["training"],
  ["stage"],
  ["pipeline", "report"],
  ["cli"]
]

/** The rooms of each foreign library: one, unless two speak different formats with it. */
const airlocks: ReadonlyArray<readonly [library: RegExp, ...rooms: ReadonlyArray<string>]> = [
  [/^apache-arrow(\/|$)/, "arrow"],
  [/^koffi(\/|$)|^onnxruntime-/, "runtime"],
  [/^(hyparquet|hyparquet-compressors|hyparquet-writer|csv-parse)(\/|$)/, "arrow"],
  [/^@huggingface\/hub(\/|$)/, "hub"],
  [/^@huggingface\/(?!hub(\/|$))/, "text"],
  [/^eld(\/|$)/, "curation"],
  [/^(umap-js|ml-kmeans|stopword)(\/|$)/, "embedding"],
  [/^yaml(\/|$)/, "pipeline", "dataset"], // pipeline files, cards of data sets
  [/^@node-rs\/crc32(\/|$)/, "telemetry"],
  [/^protobufjs(\/|$)/, "graph", "telemetry"] // ONNX models, TensorBoard events
]

/** What chance and time may not come from: every number is derived from a seed. */
const forbidden = /\bMath\.random\b|\bDate\.now\b|\bnew Date\b|\bDate\(/

interface Import {
  readonly room: string
  readonly file: string
  readonly from: string
}

const files = ["src", "schemas"].flatMap((top) =>
  readdirSync(new URL(`${top}/`, root), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${top}/${name}`)
)

const textOf = (file: string) => readFileSync(new URL(file, root), "utf8")

/** The code alone: examples in docstrings import what they like. */
const codeOf = (file: string) => textOf(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")

/** `src/arrow/columns/text.ts` is in room `arrow`; a file right under `src` is the public door, above all floors. */
const roomOf = (file: string) => {
  const [top, room, ...rest] = file.split("/")
  return top === "schemas" ? top : rest.length === 0 ? "door" : (room ?? "")
}

const floorOf = (room: string) => (room === "door" ? floors.length : floors.findIndex((rooms) => rooms.includes(room)))

const statement = /^(?:import|export)\s(?:[^"';=]*?\sfrom\s)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm

const imports: ReadonlyArray<Import> = files.flatMap((file) =>
  [...codeOf(file).matchAll(statement)].map((match) => ({ room: roomOf(file), file, from: match[1] ?? match[2] ?? "" }))
)

const resolved = ({ file, from }: Import) => new URL(from, new URL(file, root)).href.slice(root.href.length)

const relative = imports.filter(({ from }) => from.startsWith(".") && from.endsWith(".ts"))
const told = ({ file, from }: Import) => `${file} imports ${from}`

describe("an import", () => {
  it("is found at all, and every room has a floor", () => {
    assert.isAbove(relative.length, 100)
    assert.deepStrictEqual(
      [...new Set(files.map(roomOf))].filter((room) => floorOf(room) < 0),
      []
    )
  })

  it("goes down: to its own room, or to a lower floor", () => {
    const wrong = relative.filter((one) => {
      const to = roomOf(resolved(one))
      return to !== one.room && floorOf(to) >= floorOf(one.room)
    })
    assert.deepStrictEqual(wrong.map(told), [])
  })

  it("enters another room through its mod.ts", () => {
    const wrong = relative.filter((one) => {
      const target = resolved(one)
      return roomOf(target) !== one.room && !target.endsWith("/mod.ts")
    })
    assert.deepStrictEqual(wrong.map(told), [])
  })

  it("takes each foreign library in its room", () => {
    const wrong = imports.filter(({ from, room }) =>
      airlocks.some(([library, ...rooms]) => library.test(from) && !rooms.includes(room))
    )
    assert.deepStrictEqual(wrong.map(told), [])
  })
})

describe("a file", () => {
  it("takes neither chance nor time from outside", () => {
    assert.deepStrictEqual(
      files.filter((file) => forbidden.test(codeOf(file))),
      []
    )
  })
})
