import { Effect, Result, Schema, SchemaIssue, Stream } from "effect"
import { HttpServerRequest } from "effect/http"
import { Refused } from "./errors.ts"

const refused = (message: string, more: { readonly param?: string; readonly code?: string } = {}) =>
  new Refused({ status: 400, message: `Cannot read the request: ${message}`, ...more })

const tooLarge = (limit: number) =>
  new Refused({
    status: 413,
    message: `Cannot read the request: found a body of more than ${limit} bytes, wanted at most that`,
    code: "request_too_large"
  })

/** The bytes of the body as text; no more than `limit` of them are kept. Fails: Refused (400, 413). */
const readText = Effect.fnUntraced(function* (limit: number) {
  const request = yield* HttpServerRequest.HttpServerRequest
  const type = request.headers["content-type"] ?? ""
  if (type.split(";")[0]?.trim().toLowerCase() !== "application/json")
    return yield* refused(`found content type "${type}", wanted "application/json"`)
  if (Number(request.headers["content-length"] ?? 0) > limit) return yield* tooLarge(limit)
  const chunks: Array<Uint8Array> = []
  let size = 0
  yield* Stream.runForEach(request.stream, (chunk) => {
    size += chunk.length
    if (size > limit) return Effect.fail(tooLarge(limit))
    return Effect.sync(() => chunks.push(chunk))
  }).pipe(Effect.catchTag("HttpServerError", () => refused("found a body that broke off, wanted all of it")))
  return Buffer.concat(chunks).toString("utf8")
})

/**
 * Takes off keys whose value is null, which are read as if they were not there, as the OpenAI API does. Not as a reviver of
 * JSON.parse, which is called for each of a hundred thousand token ids.
 */
const dropNull = (value: unknown): void => {
  if (typeof value !== "object" || value === null) return
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) dropNull(value[i])
    return
  }
  for (const [name, each] of Object.entries(value)) {
    if (each === null) Reflect.deleteProperty(value, name)
    else dropNull(each)
  }
}

const parse = (text: string): unknown => {
  const body: unknown = JSON.parse(text)
  if (text.includes("null")) dropNull(body)
  return body
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing"
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

const at = (body: unknown, path: ReadonlyArray<PropertyKey>): unknown =>
  path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
    body
  )

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** The first thing that is wrong with a body, and the key under which it is. */
const mismatch = (body: unknown, issue: SchemaIssue.Issue): Refused => {
  const [first] = format(issue).issues
  const path = (first?.path ?? []).map((part) => (typeof part === "object" ? part.key : part))
  const param = path
    .map((name, i) => (typeof name === "number" ? `[${name}]` : `${i > 0 ? "." : ""}${String(name)}`))
    .join("")
  const told = first?.message ?? ""
  if (told === "Expected no excess property")
    return refused(`found the key "${param}", which is not known here`, { param, code: "unknown_parameter" })
  const found = told === "Missing key" ? "nothing" : shown(at(body, path))
  const wanted = told === "Missing key" ? "a value" : told.replace(/^Expected /, "")
  const where = param === "" ? "the body" : `"${param}"`
  return refused(`${where}: found ${found}, wanted ${wanted}`, param === "" ? {} : { param })
}

/**
 * The body of the request that is answered, as JSON of a shape: no key may be there that the shape does not know.
 *
 * Units    `largestBody` in bytes.
 * Fails    Refused (400, 413).
 */
export const readRequest = Effect.fnUntraced(function* <A>(
  schema: Schema.Codec<A, unknown>,
  { largestBody }: { readonly largestBody: number }
) {
  const text = yield* readText(largestBody)
  const parsed = Result.try(() => parse(text))
  if (Result.isFailure(parsed)) return yield* refused("found a body that is no JSON, wanted an object")
  const body = parsed.success
  yield* Effect.yieldNow // of a large body, each half takes some ten milliseconds
  const decoded = Schema.decodeUnknownResult(schema)(body, { onExcessProperty: "error" })
  return yield* Effect.fromResult(Result.mapError(decoded, ({ issue }) => mismatch(body, issue)))
})
