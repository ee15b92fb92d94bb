import { createHash } from "node:crypto"
import { Effect, FileSystem, Path } from "effect"

/** The page, and the headers under which a browser runs its own script and style and no other. */
export interface Page {
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
}

/** The source expressions of every inline element of a kind: hashes of their texts. */
const hashesOf = (html: string, tag: "script" | "style"): string =>
  [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))]
    .map(([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
    .join(" ")

const policyOf = (html: string): string =>
  [
    "default-src 'none'",
    `script-src ${hashesOf(html, "script")}`,
    `style-src ${hashesOf(html, "style")}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; ")

/** Headers of every answer: nothing here is kept, framed, or read by another site. */
export const closed = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY"
}

/** The page of this folder. Fails: PlatformError. */
export const readPage = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const { fromFileUrl } = yield* Path.Path
  const html = yield* files.readFileString(yield* Effect.orDie(fromFileUrl(new URL("./page.html", import.meta.url))))
  return { html, headers: { ...closed, "content-security-policy": policyOf(html) } } satisfies Page
})
