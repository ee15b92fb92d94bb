import { Effect } from "effect"
import { BadInput } from "../BadInput.ts"

/** Which rows of which file a command reads, and as what. */
export interface ExamplesOptions {
  readonly data: string
  readonly format: string
  readonly kind: "demonstrations" | "preferences" | undefined
  readonly limit: number | undefined
}

/** What a person wrote is the reason of the failure. */
export const badInput = Effect.mapError((error: Error) => new BadInput({ message: error.message }))

/** How the responses of an example are called. */
export const responseNames = { demonstrations: ["response"], preferences: ["chosen", "rejected"] } as const

/**
 * The rows of a file: preferences where its first row is one, else demonstrations, or what `--kind` says.
 *
 * Fails    BadInput.
 */
export const readExamples = Effect.fnUntraced(function* ({ data, format, kind, limit }: ExamplesOptions) {
  const { formats, readDataset } = yield* Effect.promise(() => import("../../dataset/mod.ts"))
  const read = <K extends "demonstrations" | "preferences">(wanted: K, rows: number | undefined) =>
    readDataset({ formats, kind: wanted, source: { path: data, format, limit: rows } })
  const found =
    kind ??
    (yield* Effect.match(read("preferences", 1), {
      onSuccess: () => "preferences" as const,
      onFailure: () => "demonstrations" as const
    }))
  const examples = found === "preferences" ? yield* read("preferences", limit) : yield* read("demonstrations", limit)
  return { kind: found, examples }
}, badInput)
