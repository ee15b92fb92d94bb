import { Result } from "effect"
import { type ArrowError, RowInvalid } from "../errors.ts"
import { BadText } from "./BadText.ts"
import { decodeText } from "./decodeText.ts"
import { type FieldPath, fieldOf } from "./fieldOf.ts"

type Tell = (reason: ArrowError["reason"]) => void

interface Place {
  readonly place: "row"
  readonly number: number
}

const isJsonable = (value: object): value is { readonly toJSON: () => unknown } =>
  "toJSON" in value && typeof value.toJSON === "function"

/**
 * A value of a column as plain JSON holds it: absent values are null, integers of 64 bits numbers, times texts in ISO
 * 8601; `tell` is called with what no plain value can stand for.
 */
const plain = (value: unknown, place: Place, path: FieldPath, tell: Tell): unknown => {
  const refuse = (found: string, wanted: string) => {
    tell(new RowInvalid({ ...place, field: fieldOf(path), found, wanted }))
    return null
  }
  if (value === null || value === undefined) return null
  if (typeof value === "bigint") {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : refuse(String(value), "an integer of at most 2^53 − 1")
  }
  if (typeof value !== "object") return value
  if (value instanceof BadText) {
    const text = decodeText(value.bytes, { ...place, field: fieldOf(path) })
    if (Result.isFailure(text)) tell(text.failure)
    return null
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? refuse("no time", "a time") : value.toISOString()
  if (value instanceof Uint8Array) return refuse(`${value.length} bytes`, "text, a number, a list or a struct")
  if (Array.isArray(value)) return value.map((inner, i) => plain(inner, place, [...path, i], tell))
  if (isJsonable(value)) return plain(value.toJSON(), place, path, tell)
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, (inner) => plain(inner, place, path, tell)) // an array of numbers
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, plain(inner, place, [...path, key], tell)])
  )
}

/** A row of plain values, or the first thing in it that has none. */
export const plainRow = (
  row: Readonly<Record<string, unknown>>,
  number: number
): Result.Result<unknown, ArrowError["reason"]> => {
  let reason: ArrowError["reason"] | undefined
  const value = plain(row, { place: "row", number }, [], (found) => (reason ??= found))
  return reason === undefined ? Result.succeed(value) : Result.fail(reason)
}
