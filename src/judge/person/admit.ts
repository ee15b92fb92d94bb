/** What of a request tells where it comes from. */
export interface Incoming {
  readonly method: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Why a request is refused, and under which status. */
export interface Refusal {
  readonly status: 403 | 413 | 415
  readonly message: string
}

/** Largest body of a request (bytes): an annotator, a pair's id and a choice. */
export const largestBody = 16 * 1024

/**
 * Whether a request may come in: it names this server as its host, so that no other name points here, and if it changes
 * something, it comes from this server's own page.
 *
 * Domain   `port` is the server's.
 */
export const refusalOf = ({ headers, method }: Incoming, port: number): Refusal | undefined => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host = "", origin } = headers
  const wanted = hosts.map((name) => `"${name}"`).join(" or ")
  if (!hosts.includes(host)) return { status: 403, message: `Cannot answer: found host "${host}", wanted ${wanted}` }
  const site = headers["sec-fetch-site"]
  if (site === "cross-site" && headers["sec-fetch-mode"] !== "navigate")
    return { status: 403, message: "Cannot answer: found a request of another site, wanted one of this page" }
  if (method === "GET") return undefined
  if (origin !== `http://${host}`)
    return { status: 403, message: `Cannot answer: found origin "${origin ?? ""}", wanted "http://${host}"` }
  if (headers["content-type"]?.split(";")[0]?.trim() !== "application/json")
    return {
      status: 415,
      message: `Cannot answer: found content type "${headers["content-type"] ?? ""}", wanted "application/json"`
    }
  const length = Number(headers["content-length"] ?? Number.NaN)
  if (length <= largestBody) return undefined
  const message = `Cannot answer: found a body of ${headers["content-length"] ?? "unknown"} bytes, wanted at most ${largestBody}`
  return { status: 413, message }
}
