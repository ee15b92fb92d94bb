import { Effect } from "effect"
import { DatasetError, KindUnsupported, LineNotJson, PromptRepeated, RowInvalid, RowsMissing } from "./errors.ts"
import { readLines } from "./readLines.ts"
import type { Format, Kinds } from "./RowReader.ts"

/** Which file, how its lines are shaped, and how many of them are wanted (the first `limit`; all, without one). */
export interface DatasetSource {
  readonly path: string
  readonly format: string
  readonly limit?: number | undefined
}

const parse = (text: string, line: number) =>
  Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: () => new LineNotJson({ line, found: text.length > 60 ? `${text.slice(0, 60)}…` : text })
  })

const stem = (path: string) => (path.split(/[\\/]/).at(-1) ?? path).replace(/\.(jsonl|json|ndjson|txt|gz)(?=\.|$)/g, "")

const firstRepetition = (rows: ReadonlyArray<{ readonly line: number; readonly promptId: string }>) => {
  const lines = new Map<string, number>()
  for (const { line, promptId } of rows) {
    const first = lines.get(promptId)
    if (first !== undefined) return new PromptRepeated({ line, first, promptId })
    lines.set(promptId, line)
  }
  return undefined
}

/**
 * The records of a file; empty lines are skipped. A row without an id is called `<file>:<line>`.
 *
 * Fails    DatasetError: FileUnreadable, LineNotJson, RowInvalid, PromptRepeated (prompts only), KindUnsupported, RowsMissing.
 */
export const readDataset = <K extends keyof Kinds>(options: {
  readonly formats: Readonly<Record<string, Format>>
  readonly kind: K
  readonly source: DatasetSource
}) => {
  const { formats, kind, source } = options
  return Effect.gen(function* () {
    const read = formats[source.format]?.[kind]
    if (!read) {
      const known = Object.keys(formats).filter((name) => formats[name]?.[kind])
      return yield* new KindUnsupported({ format: source.format, kind, known })
    }
    const rows: Array<{ readonly line: number; readonly record: Kinds[K] }> = []
    for (const [i, text] of (yield* readLines(source.path)).entries()) {
      if (rows.length === source.limit) break
      if (text.trim() === "") continue
      const line = i + 1
      const record = read(yield* parse(text, line), `${stem(source.path)}:${line}`)
      if (record._tag === "Failure") {
        return yield* new RowInvalid({ line, format: source.format, issues: record.failure })
      }
      rows.push({ line, record: record.success })
    }
    if (rows.length === 0) return yield* new RowsMissing()
    const repeated =
      kind === "prompts"
        ? firstRepetition(rows.map(({ line, record }) => ({ line, promptId: record.promptId })))
        : undefined
    if (repeated) return yield* repeated
    return rows.map(({ record }): Kinds[K] => record)
  }).pipe(
    Effect.mapError((error) =>
      error._tag === "DatasetError" ? error : new DatasetError({ path: source.path, reason: error })
    )
  )
}
