import { Result, Schema, SchemaIssue } from "effect"
import type { Issue } from "../errors.ts"
import { knownKeys } from "./knownKeys.ts"
import { unknownName } from "./nearest.ts"
import { type Document, dotted, type KeyPath } from "./parseYaml.ts"
import { PipelineFile } from "./PipelineFile.ts"
import { pipelineSchema } from "./pipelineSchema.ts"

const decode = Schema.decodeUnknownResult(PipelineFile, { errors: "all", onExcessProperty: "error", reportInput: true })
const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

const detail = (path: KeyPath, message: string): string => {
  const name = String(path.at(-1))
  if (message.startsWith("Unexpected key"))
    return `unknown key, ${unknownName(name, knownKeys(pipelineSchema(), path.slice(0, -1)))}`
  if (message === "Missing key") return "is missing"
  return message.charAt(0).toLowerCase() + message.slice(1)
}

/**
 * The pipeline that a document holds, with every default filled in.
 *
 * Fails    With one issue per unknown key, missing key and wrong value.
 */
export const decodePipeline = (document: Document): Result.Result<PipelineFile, ReadonlyArray<Issue>> =>
  Result.mapError(decode(document.value), (error) =>
    formatIssue(error.issue).issues.map((issue) => {
      const path = (issue.path ?? []).map((key) => (typeof key === "number" ? key : String(key)))
      return { at: document.at(path), key: dotted(path), detail: detail(path, issue.message) }
    })
  )
