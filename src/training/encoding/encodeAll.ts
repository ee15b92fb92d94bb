import { Result } from "effect"
import type { Audit } from "../../../schemas/mod.ts"
import type { ExampleInvalid } from "../errors.ts"
import type { Encoded } from "../objective/mod.ts"
import type { EncodeOptions, Example } from "./encodeExample.ts"
import { makeEncoder } from "./makeEncoder.ts"

/** Examples as token sequences, what became of all of them, and what has to be corrected. */
export interface EncodedExamples {
  readonly encoded: ReadonlyArray<Encoded>
  readonly audit: Audit
  readonly problems: ReadonlyArray<ExampleInvalid>
}

/** All examples as token sequences; nothing is left out or cut without being counted. */
export const encodeAll = (examples: ReadonlyArray<Example>, options: EncodeOptions): EncodedExamples => {
  const { audit, encode } = makeEncoder(options)
  const outcomes = examples.map(encode)
  return {
    encoded: outcomes.flatMap((outcome) => (Result.isSuccess(outcome) ? (outcome.success ?? []) : [])),
    audit: audit(),
    problems: outcomes.flatMap((outcome) => (Result.isFailure(outcome) ? [outcome.failure] : []))
  }
}
