import { Result } from "effect"
import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from "yaml"
import type { Issue } from "../errors.ts"

/** The keys from the root of a document to one of its values. */
export type KeyPath = ReadonlyArray<string | number>

/** A parsed document, and where each of its keys was written. */
export interface Document {
  readonly value: unknown
  /** `line:column` of a key; of the nearest written key above it when it is missing. */
  readonly at: (path: KeyPath) => string
}

/** A path as people write it: `stages.0.sample`. */
export const dotted = (path: KeyPath): string => path.join(".")

const keyNode = (parent: unknown, key: string | number): Node | undefined => {
  if (!isMap(parent)) return undefined
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key)
  return pair && isNode(pair.key) ? pair.key : undefined
}

/**
 * Reads YAML 1.2 with positions.
 *
 * Fails    With the first syntax error.
 */
export const parseYaml = (text: string): Result.Result<Document, ReadonlyArray<Issue>> => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const position = (offset: number) => {
    const { col, line } = lines.linePos(offset)
    return `${line}:${col}`
  }
  // After the first mistake a parser is lost: what it says next is mostly about the first.
  const [broken] = document.errors
  if (broken) {
    const detail = `is not YAML: ${broken.message.split("\n")[0] ?? ""}`
    return Result.fail([{ at: position(broken.pos[0]), key: "", detail }])
  }
  const at = (path: KeyPath): string => {
    for (let length = path.length; length > 0; length--) {
      const above = path.slice(0, length - 1)
      const key = path[length - 1] ?? ""
      const parent = above.length === 0 ? document.contents : document.getIn(above, true)
      const node = keyNode(parent, key) ?? document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return position(node.range[0])
    }
    return position(document.contents?.range?.[0] ?? 0)
  }
  return Result.succeed({ value: document.toJS(), at })
}
