import { type Key, uniform } from "../random/mod.ts"

/**
 * How long to wait after the n-th attempt: twice as long each time, between half and all of it, as the key draws.
 *
 * Units    seconds.
 * Domain   n = 1, 2, …; what the server told (`told`) is never undercut.
 */
export const waitBefore = (
  { firstWait, longestWait }: { readonly firstWait: number; readonly longestWait: number },
  after: { readonly attempt: number; readonly key: Key; readonly told: number | undefined }
): number => {
  const whole = Math.min(longestWait, firstWait * 2 ** (after.attempt - 1))
  return Math.max(whole * (0.5 + 0.5 * uniform(after.key, after.attempt)), after.told ?? 0)
}
