import { createHash } from "node:crypto"
import { arrayOf, bytesOf } from "../ElementType.ts"
import type { ElementType, Initializer, Value } from "../Graph.ts"
import type { State } from "./State.ts"

/** The longest constant that is written out in its own name, in elements. */
const NAMED_LENGTH = 6

const keyOf = (type: ElementType, shape: ReadonlyArray<number>, bytes: Uint8Array): string =>
  `${type}[${shape.join()}]${createHash("sha256").update(bytes).digest("base64")}`

/** The constants of a graph, each content stored once. */
export class ConstantPool {
  private readonly state: State
  private readonly byContent = new Map<string, Value>()

  constructor(state: State) {
    this.state = state
    for (const initializer of state.initializers) this.remember(initializer)
  }

  private remember({ value, data }: Initializer): void {
    const shape = value.shape.filter((dim) => typeof dim === "number")
    if ("bytes" in data) this.byContent.set(keyOf(value.type, shape, data.bytes), value)
  }

  /** Adds an initializer under its own name. Fails: GraphError with NameTaken. */
  add(initializer: Initializer): Value {
    const { value, data } = initializer
    this.state.define(value, "an initializer")
    this.state.initializers.push(initializer)
    if (value.type === "int64" && value.shape.length === 1 && "bytes" in data) {
      const content = new BigInt64Array(data.bytes.slice().buffer)
      this.state.contents.set(value.name, Array.from(content, Number))
    }
    return value
  }

  /** The constant with this content. */
  shared(type: ElementType, shape: ReadonlyArray<number>, bytes: Uint8Array, text?: string): Value {
    const key = keyOf(type, shape, bytes)
    const found = this.byContent.get(key)
    if (found) return found
    const wished = text && `constants/${text}`
    const name = wished && !this.state.values.has(wished) ? wished : this.state.nextName(`constants/${type}`)
    const made = this.add({ value: { name, type, shape }, data: { bytes } })
    this.byContent.set(key, made)
    return made
  }

  /** The constant with these numbers, named after them where they are few. */
  numbers(type: ElementType, shape: ReadonlyArray<number>, xs: ReadonlyArray<number>): Value {
    const text = shape.length === 0 ? `${xs[0]}` : `[${xs.join()}]`
    return this.shared(
      type,
      shape,
      bytesOf(arrayOf(type, xs)),
      xs.length > NAMED_LENGTH ? undefined : `${type} ${text}`
    )
  }
}
