import { Predicate } from "effect"
import { type Document, dotted, type KeyPath } from "./parseYaml.ts"

/** What a flag says of a key; which key may depend on what was written before. */
export interface Written {
  readonly flag: string
  readonly path: (train: unknown) => KeyPath
  readonly value: unknown
}

const put = (value: unknown, [key, ...rest]: KeyPath, leaf: unknown): unknown => {
  if (key === undefined) return leaf
  // data may be its path alone
  const record = Predicate.isReadonlyObject(value) ? value : typeof value === "string" ? { path: value } : {}
  return { ...record, [key]: put(record[key], rest, leaf) }
}

const below = (value: unknown, key: string): unknown => (Predicate.isReadonlyObject(value) ? value[key] : undefined)

/** Whether a flag wrote the value at a path: that itself, or an object around it. The name of an object is not its own. */
const wrote = (place: { readonly path: KeyPath; readonly value: unknown }, path: KeyPath): boolean => {
  const length = place.path.length + (Predicate.isReadonlyObject(place.value) ? 1 : 0)
  return length <= path.length && dotted(place.path) === dotted(path.slice(0, place.path.length))
}

/** The document with what flags say of keys below `train`, one after the other; problems there are told of the flag. */
export const writeFlags = (document: Document, flags: ReadonlyArray<Written>): Document => {
  const places: Array<{ readonly flag: string; readonly path: KeyPath; readonly value: unknown }> = []
  let { value } = document
  for (const { flag, path: pathOf, value: leaf } of flags) {
    const path = ["train", ...pathOf(below(value, "train"))]
    value = put(value, path, leaf)
    places.push({ flag, path, value: leaf })
  }
  const at = (path: KeyPath): string => {
    const found = places.findLast((place) => wrote(place, path))
    return found?.flag ?? document.at(path)
  }
  return { value, at }
}
