import { Console, Effect } from "effect"
import type { LearnedTurns, LengthPolicy } from "../../../schemas/mod.ts"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"

export interface AuditOptions {
  readonly model: string
  readonly data: string
  readonly format: string
  readonly kind: "demonstrations" | "preferences" | undefined
  readonly limit: number | undefined
  readonly maxTokens: number | undefined
  readonly lengthPolicy: LengthPolicy
  readonly turns: LearnedTurns
  readonly examples: number
  readonly json: boolean
}

/** Problems that are told on stderr; `--json` lists all. */
const listed = 5

/** Tokens shown at each end of a run of learned or masked tokens. */
const edge = 16

const badInput = Effect.mapError((error: Error) => new BadInput({ message: error.message }))

/** The rows of the file: preferences where its first row is one, else demonstrations, or what `--kind` says. */
const readExamples = Effect.fnUntraced(function* ({ data, format, kind, limit }: AuditOptions) {
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

const namesOf = { demonstrations: ["response"], preferences: ["chosen", "rejected"] } as const

/**
 * Says what examples become as tokens under a model's tokenizer and template, before anything is trained on them.
 *
 * Fails    BadInput when a file cannot be read, an example has to be corrected, or none is left.
 */
export const audit = Effect.fn("audit")(function* (options: AuditOptions) {
  const { openShape } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  const { encodeAll, formatAudit } = yield* Effect.promise(() => import("../../training/encoding/mod.ts"))
  const { markLearned } = yield* Effect.promise(() => import("../../text/mod.ts"))
  const { config, tokenizer } = yield* badInput(openShape(options.model))
  const { examples, kind } = yield* readExamples(options)
  const maxTokens = Math.min(options.maxTokens ?? config.max_position_embeddings, config.max_position_embeddings)
  const found = encodeAll(examples, { ...options, tokenizer, maxTokens })
  const shown = found.encoded.slice(0, options.examples).map(({ promptId, sequences }) => ({
    promptId,
    sequences: sequences.map((sequence, i) => ({
      name: namesOf[kind][i] ?? "response",
      tokens: markLearned(tokenizer, sequence, { edge })
    }))
  }))
  const problems = found.problems.map(({ message, promptId }) => ({ promptId, message }))
  if (options.json) {
    const { data, lengthPolicy, model, turns } = options
    yield* printJson({ model, data, kind, maxTokens, lengthPolicy, turns, audit: found.audit, examples: shown, problems })
  } else {
    yield* Console.log(`${kind} of "${options.data}" within ${maxTokens} tokens (${options.lengthPolicy})\n`)
    yield* Console.log(formatAudit(found.audit))
    for (const { promptId, sequences } of shown) {
      for (const { name, tokens } of sequences) yield* Console.log(`\n"${promptId}", ${name}:\n${tokens}`)
    }
  }
  if (problems.length > 0) {
    const more = problems.length > listed ? [`and ${problems.length - listed} more`] : []
    const lines = [...problems.slice(0, listed).map(({ message }) => message), ...more].join("\n")
    const message = `Cannot train on "${options.data}": ${problems.length} of ${examples.length} examples have to be corrected\n${lines}`
    return yield* new BadInput({ message })
  }
  if (found.encoded.length === 0) {
    const message = `Cannot train on "${options.data}": all ${examples.length} examples were dropped, wanted at least one`
    return yield* new BadInput({ message })
  }
})
