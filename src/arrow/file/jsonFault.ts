import { type FieldPath, fieldOf } from "./fieldOf.ts"

/** What is wrong with a JSON text, where, and what was wanted instead; or which key stands twice; or that it is too deep. */
export type JsonFault =
  | { readonly kind: "grammar"; readonly at: number; readonly found: string; readonly wanted: string }
  | { readonly kind: "repeated"; readonly field: string }
  | { readonly kind: "deep" }

/** Text without quotes, backslashes and control characters; and an escape. Loops, so that long strings need no stack. */
const plain = /(?:[^"\\\p{Cc}]|[\u007f-\u009f])/uy
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y
const space = /[ \t\r\n]*/y
/** What stands where a value should: a word, a string, or one character. */
const token = /[\w.+-]+|"[^"]{0,40}"?|[^]/uy

const wholeString = "a string that is closed, without line breaks, control characters and unknown escapes"

class Scan {
  readonly #text: string
  readonly #maxDepth: number
  #at = 0

  constructor(text: string, maxDepth: number) {
    this.#text = text
    this.#maxDepth = maxDepth
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  /** A string with its quotes. */
  #string(): string | undefined {
    const start = this.#at++
    while (this.#match(plain) !== undefined || this.#match(escape) !== undefined);
    if (this.#text.charAt(this.#at) === '"') return this.#text.slice(start, ++this.#at)
    this.#at = start
    return undefined
  }

  #next(): string {
    this.#match(space)
    return this.#text.charAt(this.#at)
  }

  #fault(wanted: string): JsonFault {
    const at = this.#at
    const found = this.#match(token)
    const words = found === undefined ? "the end" : JSON.stringify(found)
    return { kind: "grammar", at, found: words, wanted }
  }

  #members(path: FieldPath): JsonFault | undefined {
    const keys = new Set<string>()
    for (;;) {
      if (this.#next() !== '"') return this.#fault("a key in quotes")
      const text = this.#string()
      if (text === undefined) return this.#fault(wholeString)
      const key = String(JSON.parse(text))
      if (keys.has(key)) return { kind: "repeated", field: fieldOf([...path, key]) }
      keys.add(key)
      if (this.#next() !== ":") return this.#fault('":"')
      this.#at++
      const fault = this.#value([...path, key])
      if (fault !== undefined) return fault
      const end = this.#separator("}")
      if (end !== undefined) return end === "closed" ? undefined : end
    }
  }

  #elements(path: FieldPath): JsonFault | undefined {
    for (let i = 0; ; i++) {
      const fault = this.#value([...path, i])
      if (fault !== undefined) return fault
      const end = this.#separator("]")
      if (end !== undefined) return end === "closed" ? undefined : end
    }
  }

  /** Goes over a comma; else what ended the list. */
  #separator(close: "}" | "]"): "closed" | JsonFault | undefined {
    const next = this.#next()
    if (next !== "," && next !== close) return this.#fault(`"," or "${close}"`)
    this.#at++
    return next === close ? "closed" : undefined
  }

  #value(path: FieldPath): JsonFault | undefined {
    const next = this.#next()
    if (next === "{" || next === "[") {
      if (path.length >= this.#maxDepth) return { kind: "deep" }
      this.#at++
      const close = next === "{" ? "}" : "]"
      if (this.#next() !== close) return next === "{" ? this.#members(path) : this.#elements(path)
      this.#at++
      return undefined
    }
    if (next === '"') return this.#string() === undefined ? this.#fault(wholeString) : undefined
    return this.#match(scalar) === undefined ? this.#fault("a value") : undefined
  }

  document(): JsonFault | undefined {
    const fault = this.#value([])
    if (fault !== undefined) return fault
    return this.#next() === "" ? undefined : this.#fault("the end")
  }
}

/**
 * The first fault of a text that JSON.parse refused, or of which it kept fewer keys than it names.
 *
 * Units    `at` in UTF-16 units from the start of the text.
 */
export const jsonFault = (text: string, maxDepth: number): JsonFault | undefined => new Scan(text, maxDepth).document()
