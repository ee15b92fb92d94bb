/** What systems call a full disk, and a full share of one. */
const codes = new Set<unknown>(["ENOSPC", "EDQUOT"])

/** The deepest that errors are wrapped in each other. */
const depth = 12

const under = (error: object): ReadonlyArray<unknown> => [
  "cause" in error ? error.cause : undefined,
  "reason" in error ? error.reason : undefined
]

/** Whether an error, or one that it wraps, is the system's about a full disk. */
export const outOfSpace = (error: unknown, left = depth): boolean => {
  if (typeof error !== "object" || error === null || left === 0) return false
  if ("code" in error && codes.has(error.code)) return true
  return under(error).some((each) => outOfSpace(each, left - 1))
}
