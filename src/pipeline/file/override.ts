import { Predicate, Result } from "effect"
import { parseDocument } from "yaml"
import type { Issue } from "../errors.ts"
import { unknownName } from "./nearest.ts"
import { type Document, dotted, type KeyPath } from "./parseYaml.ts"

const keyPath = (key: string): KeyPath => key.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part))

const scalar = (text: string): unknown => {
  const document = parseDocument(text)
  return document.errors.length > 0 ? text : document.toJS()
}

/** The value with the one at `path` replaced. Fails: with why it cannot be. */
const replaceAt = (value: unknown, path: KeyPath, leaf: unknown): Result.Result<unknown, string> => {
  const [key, ...rest] = path
  if (key === undefined) return Result.succeed(leaf)
  if (Array.isArray(value)) {
    if (typeof key !== "number" || key >= value.length)
      return Result.fail(`no item of that number, known: ${value.map((_, i) => i).join(", ")}`)
    return Result.map(replaceAt(value[key], rest, leaf), (item) =>
      value.map((old: unknown, i) => (i === key ? item : old))
    )
  }
  if (Predicate.isNotNullish(value) && !Predicate.isReadonlyObject(value))
    return Result.fail(`found ${JSON.stringify(value)} above "${key}", wanted an object there`)
  return Result.map(replaceAt(value?.[key], rest, leaf), (item) => ({ ...value, [key]: item }))
}

/**
 * The document with `--set key=value` applied: a declared argument by its name, any other key by its dotted path.
 *
 * Domain   The value is read as YAML, so that `3`, `true` and `[1, 0.7]` keep their types.
 * Fails    With one issue per assignment that is not `key=value`, or whose first name is neither an argument nor a key.
 */
export const override = (
  document: Document,
  options: {
    readonly assignments: ReadonlyArray<string>
    readonly keys: ReadonlyArray<string>
    /** Keys that need not be written with the one above them. */
    readonly below?: { readonly key: string; readonly keys: ReadonlyArray<string> }
  }
): Result.Result<Document, ReadonlyArray<Issue>> => {
  const { below } = options
  const short = below?.keys ?? []
  const issues: Array<Issue> = []
  const flags = new Map<string, string>()
  let value = document.value
  for (const assignment of options.assignments) {
    const at = `--set ${assignment}`
    const split = assignment.indexOf("=")
    const key = assignment.slice(0, split)
    if (split <= 0) {
      issues.push({ at: "--set", key: "", detail: `found "${assignment}", wanted key=value` })
      continue
    }
    const given = Predicate.hasProperty(value, "arguments") ? value.arguments : undefined
    const declared = Predicate.isReadonlyObject(given) ? Object.keys(given) : []
    const written = declared.includes(key) ? ["arguments", key] : keyPath(key)
    const path = below && short.includes(String(written[0])) ? [below.key, ...written] : written
    const first = String(path[0])
    if (!options.keys.includes(first)) {
      issues.push({
        at,
        key: "",
        detail: `unknown name "${first}", ${unknownName(first, [...declared, ...options.keys, ...short])}`
      })
      continue
    }
    const replaced = replaceAt(value, path, scalar(assignment.slice(split + 1)))
    if (Result.isFailure(replaced)) {
      issues.push({ at, key: "", detail: replaced.failure })
      continue
    }
    value = replaced.success
    flags.set(dotted(path), at)
  }
  const at = (path: KeyPath): string => {
    const flag = path.map((_, i) => flags.get(dotted(path.slice(0, i + 1)))).find((found) => found !== undefined)
    return flag ?? document.at(path)
  }
  return issues.length > 0 ? Result.fail(issues) : Result.succeed({ value, at })
}
