import type { FieldPath } from "./fieldOf.ts"

/** The way to the first text of a value that holds half of a surrogate pair. */
export const loneSurrogate = (value: unknown, path: FieldPath = []): FieldPath | undefined => {
  if (typeof value === "string") return value.isWellFormed() ? undefined : path
  if (typeof value !== "object" || value === null) return undefined
  const entries: Iterable<readonly [string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value)
  for (const [key, inner] of entries) {
    const found = typeof key === "string" && !key.isWellFormed() ? path : loneSurrogate(inner, [...path, key])
    if (found !== undefined) return found
  }
  return undefined
}
