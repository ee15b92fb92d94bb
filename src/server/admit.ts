import { createHash, timingSafeEqual } from "node:crypto"
import { Redacted } from "effect"
import { Refused } from "./errors.ts"

/** What of a request tells whether it may come in. */
export interface Incoming {
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Whom a server lets in. */
export interface Guard {
  readonly host: string
  readonly key: Redacted.Redacted | undefined
}

const loopback = new Set(["127.0.0.1", "localhost", "::1"])

/** Whether only this machine reaches an address. */
export const isLoopback = (host: string): boolean => loopback.has(host)

/** Whether two texts are the same, in a time that does not depend on where they differ. */
const same = (a: string, b: string): boolean => {
  const [first, second] = [a, b].map((text) => createHash("sha256").update(text).digest())
  return first !== undefined && second !== undefined && timingSafeEqual(first, second)
}

const keyOf = (header: string | undefined): string => /^Bearer (.*)$/i.exec(header ?? "")?.[1]?.trim() ?? ""

/** The name in a header `Host`, without its port. */
const nameOf = (header: string): string =>
  header
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase()

/**
 * Why a request is refused, if it is: everything below /v1 wants the key, where there is one; without a key, the request must
 * name this machine as its host, so that no page of another site can ask by a name that points here.
 */
export const refusalOf = ({ headers, url }: Incoming, { host, key }: Guard): Refused | undefined => {
  if (key === undefined) {
    const name = nameOf(headers["host"] ?? "")
    if (!isLoopback(host) || isLoopback(name)) return undefined
    return new Refused({ status: 403, message: `Cannot answer: found the host "${name}", wanted "${host}"` })
  }
  if (!/^\/v1(\/|$|\?)/.test(url) || same(keyOf(headers["authorization"]), Redacted.value(key))) return undefined
  const found = headers["authorization"] === undefined ? "found no API key" : "found another API key"
  const message = `Cannot answer: ${found}, wanted the server's in "Authorization: Bearer KEY"`
  return new Refused({ status: 401, message, code: "invalid_api_key" })
}
