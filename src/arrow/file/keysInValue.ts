/**
 * How many keys a parsed value has, all objects in it together, or "deep" where arrays and objects lie in each other
 * beyond `maxDepth`.
 */
export const keysInValue = (value: unknown, maxDepth: number): number | "deep" => {
  if (typeof value !== "object" || value === null) return 0
  if (maxDepth === 0) return "deep"
  let count = 0
  const add = (inner: unknown): boolean => {
    const keys = keysInValue(inner, maxDepth - 1)
    if (keys === "deep") return false
    count += keys
    return true
  }
  if (Array.isArray(value)) return value.every(add) ? count : "deep"
  for (const key in value) {
    count++
    if (!add((value as Readonly<Record<string, unknown>>)[key])) return "deep" // an object that is no array
  }
  return count
}
