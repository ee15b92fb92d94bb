import { Predicate, Result } from "effect"
import type { Issue } from "../errors.ts"
import { unknownName } from "./nearest.ts"
import { type Document, dotted, type KeyPath } from "./parseYaml.ts"

const reference = /\$\{([^}]*)\}/g

/**
 * The document with `${name}` replaced by the argument of that name; a string that is nothing else takes the argument's type.
 *
 * Fails    With one issue per unknown name.
 */
export const interpolate = (document: Document): Result.Result<Document, ReadonlyArray<Issue>> => {
  const issues: Array<Issue> = []
  const found = Predicate.isReadonlyObject(document.value) ? document.value["arguments"] : undefined
  const given = Predicate.isReadonlyObject(found) ? found : {}
  const lookUp = (name: string, path: KeyPath): unknown => {
    if (Object.hasOwn(given, name)) return given[name]
    const detail = `unknown argument "${name}", ${unknownName(name, Object.keys(given))}`
    issues.push({ at: document.at(path), key: dotted(path), detail })
    return ""
  }
  const replace = (value: unknown, path: KeyPath): unknown => {
    if (typeof value === "string") {
      const whole = /^\$\{([^}]*)\}$/.exec(value)
      if (whole) return lookUp(whole[1] ?? "", path)
      return value.replaceAll(reference, (_, name: string) => String(lookUp(name, path)))
    }
    if (Array.isArray(value)) return value.map((item, i) => replace(item, [...path, i]))
    if (!Predicate.isReadonlyObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, [...path, key])]))
  }
  const value = Predicate.isReadonlyObject(document.value)
    ? Object.fromEntries(
        Object.entries(document.value).map(([key, item]) => [key, key === "arguments" ? item : replace(item, [key])])
      )
    : document.value
  return issues.length > 0 ? Result.fail(issues) : Result.succeed({ ...document, value })
}
