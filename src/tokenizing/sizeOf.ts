/** Characters of all texts in plain data: what reading it as tokens takes depends on that. Units: UTF-16 code units. */
export const sizeOf = (value: unknown): number => {
  if (typeof value === "string") return value.length
  if (typeof value !== "object" || value === null) return 0
  return Object.values(value).reduce<number>((sum, each) => sum + sizeOf(each), 0)
}
