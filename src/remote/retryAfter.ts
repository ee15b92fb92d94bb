/**
 * What the header `Retry-After` asks for: a number of seconds, or a date.
 *
 * Source   RFC 9110, section 10.2.3.
 * Units    seconds; `now` in milliseconds since 1970.
 */
export const retryAfter = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined
  if (/^\d+$/.test(header.trim())) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000)
}
