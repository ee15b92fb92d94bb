import { createHash } from "node:crypto"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { Effect } from "effect"

/** The commit that `main` names. */
export const sha = "a".repeat(40)
export const id = "some/data"

const digest = (kind: string, ...parts: ReadonlyArray<string>) =>
  parts.reduce((hash, part) => hash.update(part), createHash(kind)).digest("hex")

/** A file as the hub lists it: Parquet as a large file, others as git has them. */
const listed = ([path, text]: readonly [string, string]) => {
  const size = Buffer.byteLength(text)
  const oid = digest("sha1", `blob ${size}\0`, text)
  const lfs = { oid: digest("sha256", text), size, pointerSize: 130 }
  return { type: "file", path, size, oid, ...(path.endsWith(".parquet") ? { lfs } : {}) }
}

const listen = (server: Server) =>
  Effect.callback<number>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** Answers a request instead of the hub; says whether it did. `before` counts earlier requests for the same path. */
export type Interfere = (request: IncomingMessage, response: ServerResponse, before: number) => boolean

/** A hub on the loopback with one data set, files listed two to a page, that lives as long as the scope. */
export const fakeHub = Effect.fnUntraced(function* (
  files: Readonly<Record<string, string>>,
  interfere: Interfere = () => false
) {
  const asked: Array<string> = []
  const entries = Object.entries(files)
  const server = createServer((request, response) => {
    const { host = "", range } = request.headers
    const url = new URL(request.url ?? "", `http://${host}`)
    const before = asked.filter((path) => path === url.pathname).length
    asked.push(url.pathname)
    const json = (value: unknown, headers: Readonly<Record<string, string>> = {}) =>
      response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(value))
    const refuse = (code: string) => response.writeHead(404, { "x-error-code": code }).end("Not found")
    if (interfere(request, response, before)) return
    if (!url.pathname.includes(`/${id}/`)) return refuse("RepoNotFound")
    const [, revision] = /\/revision\/(.+)$/.exec(url.pathname) ?? []
    if (revision !== undefined)
      return revision === "main" || revision === sha ? json({ id, sha }) : refuse("RevisionNotFound")
    if (url.pathname.endsWith(`/tree/${sha}`)) {
      const from = Number(url.searchParams.get("from") ?? 0)
      url.searchParams.set("from", String(from + 2))
      const page = entries.slice(from, from + 2).map(listed)
      return json(page, from + 2 < entries.length ? { link: `<${url.href}>; rel="next"` } : {})
    }
    const text = files[decodeURIComponent(url.pathname.split(`/resolve/${sha}/`)[1] ?? "")]
    if (text === undefined) return refuse("EntryNotFound")
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0)
    return response.writeHead(start > 0 ? 206 : 200).end(Buffer.from(text).subarray(start))
  })
  const port = yield* Effect.acquireRelease(listen(server), () =>
    Effect.callback<void>((resume) => {
      server.closeAllConnections()
      server.close(() => resume(Effect.void))
    })
  )
  return { url: `http://127.0.0.1:${port}`, asked }
})
