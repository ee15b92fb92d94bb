import { Effect, Result } from "effect"
import type { Demonstration, Preference } from "../../schemas/mod.ts"
import type { Sequence } from "../model/mod.ts"
import { encodePair, type TextError, type Tokenizer } from "../text/mod.ts"
import { ExampleInvalid, NoExamples, type TrainingError } from "./errors.ts"

/** What an example is trained on. */
export type Example = Demonstration | Preference

const responsesOf = (example: Example): ReadonlyArray<string> =>
  "response" in example ? [example.response] : [example.chosen, example.rejected]

/** A preference over one's own samples may hold an empty answer; a demonstration never should. */
const emptyResponse = (example: Example) => ("response" in example ? "error" : "allow")

const encode = (tokenizer: Tokenizer, example: Example, maxTokens: number) =>
  Result.all(
    responsesOf(example).map((response): Result.Result<Sequence, TextError> =>
      encodePair(tokenizer, example.messages, response, { maxTokens, emptyResponse: emptyResponse(example) })
    )
  )

/**
 * Examples as token sequences; those longer than `maxTokens` are refused, or dropped and counted.
 *
 * Units    maxTokens in tokens of prompt and response together.
 * Fails    ExampleInvalid, NoExamples (through `fail`).
 */
export const encodeExamples = Effect.fnUntraced(function* (options: {
  readonly tokenizer: Tokenizer
  readonly examples: ReadonlyArray<Example>
  readonly maxTokens: number
  readonly overlong: "error" | "drop"
  readonly fail: (reason: TrainingError["reason"]) => TrainingError
}) {
  const encoded: Array<{ readonly promptId: string; readonly sequences: ReadonlyArray<Sequence> }> = []
  let overlong = 0
  for (const example of options.examples) {
    const found = encode(options.tokenizer, example, options.maxTokens)
    if (Result.isSuccess(found)) {
      encoded.push({ promptId: example.promptId, sequences: found.success })
    } else if (options.overlong === "drop" && found.failure.reason._tag === "SequenceTooLong") {
      overlong += 1
    } else {
      return yield* options.fail(new ExampleInvalid({ promptId: example.promptId, cause: found.failure }))
    }
  }
  if (encoded.length === 0) return yield* options.fail(new NoExamples({ dropped: overlong }))
  return { encoded, dropped: { overlong } }
})
