import { Predicate, Result } from "effect"
import { FormatUnclear } from "../errors.ts"
import type { Format } from "./RowReader.ts"
import { type Signature, signatures } from "./signatures.ts"

/** What speaks against a format, or undefined where it fits. */
type Objection = string | undefined

/** Who speaks last in the messages of a row. */
const lastOf = (row: object): "assistant" | "other" => {
  const messages: unknown = "messages" in row ? row.messages : undefined
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined
  return Predicate.hasProperty(last, "role") && last.role === "assistant" ? "assistant" : "other"
}

const againstKeys = ({ has, lacks = [], last }: Signature, row: object): Objection => {
  const absent = has.find((key) => !Object.hasOwn(row, key))
  if (absent !== undefined) return `lacks field "${absent}"`
  const present = lacks.find((key) => Object.hasOwn(row, key))
  if (present !== undefined) return `has field "${present}"`
  const found = lastOf(row)
  return last === undefined || last === found
    ? undefined
    : `ends with a message of ${found === "assistant" ? "the assistant" : "another role"}`
}

const againstShape = (name: string, row: unknown): Objection => {
  if (name === "text") return typeof row === "string" ? undefined : "is not a text"
  if (!Predicate.isReadonlyObject(row)) return "is not an object"
  const objections = (signatures[name] ?? []).map((signature) => againstKeys(signature, row))
  return objections.length > 0 && objections.every((one) => one !== undefined) ? objections[0] : undefined
}

const againstContents = (format: Format, row: unknown): Objection => {
  const readers = [format.preferences, format.demonstrations, format.judged, format.prompts].filter((one) => one)
  const results = readers.map((read) => read?.(row, "row"))
  if (results.length === 0 || results.some((result) => result && Result.isSuccess(result))) return undefined
  return results.flatMap((result) => (result && Result.isFailure(result) ? [result.failure] : []))[0]
}

const against = (name: string, format: Format, rows: ReadonlyArray<unknown>): Objection => {
  for (const [i, row] of rows.entries()) {
    const objection = againstShape(name, row) ?? againstContents(format, row)
    if (objection !== undefined) return `row ${i} ${objection}`
  }
  return undefined
}

/** The formats that a row is of: those that it fits, or those whose keys it has where its contents fit none. */
const formatsOf = (all: ReadonlyArray<readonly [string, Format]>, row: unknown): ReadonlyArray<string> => {
  const shaped = all.filter(([name]) => againstShape(name, row) === undefined)
  const whole = shaped.filter(([, format]) => againstContents(format, row) === undefined)
  return (whole.length > 0 ? whole : shaped).map(([name]) => name)
}

/** The only format that half of the rows or more are of: whoever reads them says what is wrong with the others. */
const mostly = (all: ReadonlyArray<readonly [string, Format]>, rows: ReadonlyArray<unknown>): string | undefined => {
  const found = rows.map((row) => formatsOf(all, row))
  const [only, other] = all.filter(([name]) => found.filter((names) => names.includes(name)).length >= rows.length / 2)
  return other === undefined ? only?.[0] : undefined
}

/**
 * The name of the one format that all of some rows fit, to be written down as `format`; of the only one that half of them or more are
 * of, where some are broken.
 *
 * Units    rows count from 0.
 * Fails    FormatUnclear where none fits, or more than one, with what speaks against each.
 */
export const detectFormat =
  (formats: Readonly<Record<string, Format>>) =>
  (rows: ReadonlyArray<unknown>): Result.Result<string, FormatUnclear> => {
    const entries = Object.entries(formats)
    const all = entries.map(([name, format]) => ({ name, objection: against(name, format, rows) }))
    const fitting = all.filter(({ objection }) => objection === undefined).map(({ name }) => name)
    const [only, other] = fitting
    const found = only ?? mostly(entries, rows)
    if (rows.length > 0 && found !== undefined && other === undefined) return Result.succeed(found)
    const others = all.flatMap(({ name, objection }) => (objection === undefined ? [] : [{ format: name, objection }]))
    return Result.fail(new FormatUnclear({ rows: rows.length, fitting, others }))
  }
