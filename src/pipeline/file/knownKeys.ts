import { Predicate } from "effect"
import type { KeyPath } from "./parseYaml.ts"

type Node = Readonly<Record<string, unknown>>

const list = (value: unknown): ReadonlyArray<Node> =>
  Array.isArray(value) ? value.filter(Predicate.isReadonlyObject) : []

const branches = (node: Node): ReadonlyArray<Node> => [
  node,
  ...[...list(node["anyOf"]), ...list(node["allOf"])].flatMap(branches)
]

const below = (node: Node, key: string | number): ReadonlyArray<Node> =>
  branches(node).flatMap((branch) => {
    const properties = branch["properties"]
    const found =
      typeof key === "number" ? branch["items"] : Predicate.isReadonlyObject(properties) ? properties[key] : undefined
    return Predicate.isReadonlyObject(found) ? [found] : []
  })

/** The keys that a JSON Schema knows at a path. */
export const knownKeys = (schema: Node, path: KeyPath): ReadonlyArray<string> => {
  const nodes = path.reduce<ReadonlyArray<Node>>((found, key) => found.flatMap((node) => below(node, key)), [schema])
  const names = nodes
    .flatMap(branches)
    .flatMap((node) => (Predicate.isReadonlyObject(node["properties"]) ? Object.keys(node["properties"]) : []))
  return [...new Set(names)]
}
