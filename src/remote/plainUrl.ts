/** An address as it may be shown: without user, password, query and fragment. */
export const plainUrl = (text: string): string => {
  const url = URL.parse(text)
  return url === null ? "an address that cannot be read" : `${url.origin}${url.pathname}`.replace(/\/+$/, "")
}
