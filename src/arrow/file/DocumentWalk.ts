import { Result } from "effect"
import { type ArrowError, JsonBroken, KeyRepeated, LineTooLong } from "../errors.ts"
import type { Feed } from "./Feed.ts"
import { type Found, foundRow, trouble } from "./Found.ts"
import { parseObject } from "./parseObject.ts"
import type { Source } from "./Source.ts"

type Reason = ArrowError["reason"]

const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]
const [comma, colon, quote] = [0x2c, 0x3a, 0x22]
/** Longest key that is kept. Units: bytes. */
const longestKey = 4096

const document = "an array of objects, or an object with one array of objects"

/** Goes through a document and gives its rows to `tell`; what it returns is what stops it. */
export class DocumentWalk {
  readonly #feed: Feed
  readonly #source: Source
  readonly #tell: (found: Found) => void
  #rows = 0

  constructor(source: Source, feed: Feed, tell: (found: Found) => void) {
    this.#source = source
    this.#feed = feed
    this.#tell = tell
  }

  #broken(found: string, wanted: string): Reason {
    const { line, character } = this.#feed
    return new JsonBroken({ place: "line", number: line, character, found, wanted })
  }

  #not(byte: number | undefined, wanted: string): Reason {
    return this.#broken(byte === undefined ? "the end of the file" : JSON.stringify(String.fromCharCode(byte)), wanted)
  }

  *#row(): Generator<void, Reason | undefined> {
    const { path, options } = this.#source
    const place = { place: "row", number: this.#rows++ } as const
    const bytes = yield* this.#feed.value(options.maxLineBytes)
    if (bytes === "ended") return this.#broken("the end of the file", `the end of row ${place.number}`)
    const parsed: Result.Result<unknown, Reason> =
      bytes === "long"
        ? Result.fail(new LineTooLong({ ...place, limit: options.maxLineBytes }))
        : parseObject(bytes, place, { ...options, values: "objects" })
    this.#tell(Result.isSuccess(parsed) ? foundRow("row", place.number, parsed.success) : trouble(path, parsed.failure))
    return undefined
  }

  /** The rows behind an opened bracket, to the closing one. */
  *#array(): Generator<void, Reason | undefined> {
    if ((yield* this.#feed.peek()) === closeArray) {
      this.#feed.skip()
      return undefined
    }
    for (;;) {
      const first = yield* this.#feed.peek()
      if (first === undefined || first === closeArray || first === comma || first === closeObject)
        return this.#not(first, "an object")
      const reason = yield* this.#row()
      if (reason !== undefined) return reason
      const next = yield* this.#feed.peek()
      if (next !== comma && next !== closeArray) return this.#not(next, '"," or "]"')
      this.#feed.skip()
      if (next === closeArray) return undefined
    }
  }

  /** A key and its colon, or what is wrong. */
  *#key(known: Set<string>): Generator<void, string | Reason> {
    const first = yield* this.#feed.peek()
    if (first !== quote) return this.#not(first, "a key in quotes")
    const bytes = yield* this.#feed.value(longestKey)
    if (typeof bytes === "string") return this.#broken("a key without an end", "a key in quotes")
    const key = Buffer.from(bytes).toString("utf8").slice(1, -1)
    if (known.has(key)) return new KeyRepeated({ place: "line", number: this.#feed.line, field: key })
    known.add(key)
    const next = yield* this.#feed.peek()
    if (next !== colon) return this.#not(next, '":"')
    this.#feed.skip()
    return key
  }

  /** A member's value: what kind of array it is, the rows of which are told, or "other". */
  *#member(): Generator<void, "rows" | "empty" | "other" | Reason> {
    const first = yield* this.#feed.peek()
    if (first === undefined || first === comma || first === closeObject) return this.#not(first, "a value")
    if (first !== openArray) return (yield* this.#feed.value(0)) === "ended" ? this.#not(undefined, "a value") : "other"
    this.#feed.skip()
    const inner = yield* this.#feed.peek()
    if (inner === openObject) return (yield* this.#array()) ?? "rows"
    if (inner !== closeArray) return (yield* this.#feed.value(0, 1)) === "ended" ? this.#not(undefined, '"]"') : "other"
    this.#feed.skip()
    return "empty"
  }

  /** The members behind an opened brace, to the closing one. */
  *#object(): Generator<void, Reason | undefined> {
    const known = new Set<string>()
    const arrays: Record<"rows" | "empty", Array<string>> = { rows: [], empty: [] }
    for (let next: number | undefined = comma; next === comma;) {
      const key = yield* this.#key(known)
      if (typeof key !== "string") return key
      const kind = yield* this.#member()
      if (typeof kind !== "string") return kind
      if (kind !== "other") arrays[kind].push(key)
      if (arrays.rows.length > 1)
        return this.#broken(
          `arrays of objects in ${arrays.rows.map((name) => JSON.stringify(name)).join(" and ")}`,
          document
        )
      next = yield* this.#feed.peek()
      if (next !== comma && next !== closeObject) return this.#not(next, '"," or "}"')
      this.#feed.skip()
    }
    if ((yield* this.#feed.peek()) === openObject) return this.#broken("a second object, as in JSON lines", document)
    return arrays.rows.length + arrays.empty.length > 0
      ? undefined
      : this.#broken("an object without an array of objects", document)
  }

  *document(): Generator<void, Reason | undefined> {
    const first = yield* this.#feed.peek()
    if (first !== openArray && first !== openObject) return this.#not(first, document)
    this.#feed.skip()
    const reason = yield* first === openArray ? this.#array() : this.#object()
    if (reason !== undefined) return reason
    const next = yield* this.#feed.peek()
    return next === undefined ? undefined : this.#not(next, "the end of the file")
  }
}
