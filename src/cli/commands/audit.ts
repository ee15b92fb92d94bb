import { Console, Effect } from "effect"
import type { Audit, LearnedTurns, LengthPolicy } from "../../../schemas/mod.ts"
import type { EncodedExamples } from "../../training/encoding/mod.ts"
import { BadInput } from "../BadInput.ts"
import type { ExampleKindName } from "../exampleKinds.ts"
import { printJson } from "../printJson.ts"
import { badInput, type ExamplesOptions, readExamples } from "./readExamples.ts"

export interface AuditOptions extends ExamplesOptions {
  readonly model: string
  readonly maxTokens: number | undefined
  readonly lengthPolicy: LengthPolicy
  readonly turns: LearnedTurns
  readonly afterEnd: "leave" | "learn"
  readonly seed: number
  readonly examples: number
  readonly json: boolean
}

/** Problems that are told on stderr; `--json` lists all. */
const listed = 5

/** Tokens shown at each end of a run of learned or masked tokens. */
const edge = 16

/** Why nothing should be trained on these examples as they are, or undefined. */
const refusal = (data: string, { audit: { examples }, encoded, problems }: EncodedExamples): BadInput | undefined => {
  const action = `Cannot train on "${data}"`
  if (problems.length > 0) {
    const more = problems.length > listed ? [`and ${problems.length - listed} more`] : []
    const lines = [...problems.slice(0, listed).map(({ message }) => message), ...more].join("\n")
    return new BadInput({
      message: `${action}: ${problems.length} of ${examples} examples have to be corrected\n${lines}`
    })
  }
  return encoded.length === 0
    ? new BadInput({ message: `${action}: all ${examples} examples were dropped, wanted at least one` })
    : undefined
}

/** What is printed: the audit, the first examples marked, and what has to be corrected. */
interface Report {
  readonly kind: ExampleKindName
  readonly maxTokens: number
  readonly audit: Audit
  readonly examples: ReadonlyArray<{ readonly promptId: string; readonly name: string; readonly tokens: string }>
  readonly problems: ReadonlyArray<{ readonly promptId: string; readonly message: string }>
}

const print = Effect.fnUntraced(function* (options: AuditOptions, report: Report) {
  const { data, lengthPolicy, model, turns } = options
  if (options.json) return yield* printJson({ model, data, lengthPolicy, turns, ...report })
  const { formatAudit } = yield* Effect.promise(() => import("../../training/encoding/mod.ts"))
  yield* Console.log(`${report.kind} of "${data}" within ${report.maxTokens} tokens (${lengthPolicy})\n`)
  yield* Console.log(formatAudit(report.audit))
  for (const { name, promptId, tokens } of report.examples) yield* Console.log(`\n"${promptId}", ${name}:\n${tokens}`)
})

/**
 * Says what examples become as tokens under a model's tokenizer and template, before anything is trained on them.
 *
 * Fails    BadInput when a file cannot be read, an example has to be corrected, or none is left.
 */
export const audit = Effect.fn("audit")(function* (options: AuditOptions) {
  const { openShape } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  const { encodeAll } = yield* Effect.promise(() => import("../../training/encoding/mod.ts"))
  const { markLearned } = yield* Effect.promise(() => import("../../text/mod.ts"))
  const { config, tokenizer } = yield* badInput(openShape(options.model))
  const { examples, kind, names, pairwise } = yield* readExamples(options)
  const maxTokens = Math.min(options.maxTokens ?? config.max_position_embeddings, config.max_position_embeddings)
  const asked = pairwise ? { pairwise: { seed: options.seed } } : {}
  const found = encodeAll(examples, { ...options, ...asked, tokenizer, maxTokens })
  const shown = found.encoded.slice(0, options.examples).flatMap((example) =>
    example.sequences.map((sequence, i) => ({
      promptId: example.promptId,
      name: names(example)[i] ?? "response",
      tokens: markLearned(tokenizer, sequence, { edge })
    }))
  )
  const problems = found.problems.map(({ message, promptId }) => ({ promptId, message }))
  yield* print(options, { kind, maxTokens, audit: found.audit, examples: shown, problems })
  const refused = refusal(options.data, found)
  if (refused) return yield* refused
})
