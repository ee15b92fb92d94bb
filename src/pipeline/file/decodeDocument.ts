import { Array as Arrays, type JsonSchema, Result, Schema, SchemaIssue } from "effect"
import type { Issue } from "../errors.ts"
import { knownKeys } from "./knownKeys.ts"
import { unknownName } from "./nearest.ts"
import { type Document, dotted, type KeyPath } from "./parseYaml.ts"
import { jsonSchemaOf } from "./jsonSchemaOf.ts"

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

/** The names of a list `"a" | "b"`. */
const literals = (list: string): ReadonlyArray<string> => list.split(" | ").map((name) => name.slice(1, -1))

const detail = (schema: JsonSchema.JsonSchema, path: KeyPath, message: string): string => {
  const name = String(path.at(-1))
  if (message.startsWith("Unexpected key"))
    return `unknown key, ${unknownName(name, knownKeys(schema, path.slice(0, -1)))}`
  if (message === "Missing key") return "is missing"
  const wrong = /^Expected ((?:"[^"]*"(?: \| )?)+), got "(.*)"$/s.exec(message)
  if (wrong) return `unknown value "${wrong[2]}", ${unknownName(wrong[2] ?? "", literals(wrong[1] ?? ""))}`
  return message.charAt(0).toLowerCase() + message.slice(1)
}

/**
 * What a document holds by a schema, with every default filled in.
 *
 * Fails    With one issue per unknown key, missing key and wrong value: the first that is wrong with it.
 */
export const decodeDocument =
  <A>(schema: Schema.Codec<A, unknown>) =>
  (document: Document): Result.Result<A, ReadonlyArray<Issue>> => {
    const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error", reportInput: true })
    return Result.mapError(decode(document.value), (error) => {
      const known = jsonSchemaOf(schema)
      const issues = formatIssue(error.issue).issues.map((issue) => {
        const path = (issue.path ?? []).map((key) => (typeof key === "number" ? key : String(key)))
        return { at: document.at(path), key: dotted(path), detail: detail(known, path, issue.message) }
      })
      return Arrays.dedupeWith(issues, (a, b) => a.key === b.key)
    })
  }
