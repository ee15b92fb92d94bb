import type { Audit } from "../../../schemas/mod.ts"
import type { ExampleInvalid } from "../errors.ts"
import type { Encoded } from "../objective/mod.ts"
import { auditOf } from "./auditOf.ts"
import { encodeExample, type EncodeOptions, type Example } from "./encodeExample.ts"

/** Examples as token sequences, what became of all of them, and what has to be corrected. */
export interface EncodedExamples {
  readonly encoded: ReadonlyArray<Encoded>
  readonly audit: Audit
  readonly problems: ReadonlyArray<ExampleInvalid>
}

const encodedOf = (example: Example | undefined, sequences: Encoded["sequences"]): Encoded => ({
  promptId: example?.promptId ?? "",
  sequences,
  reference: [],
  ...(example && "margin" in example ? { margin: example.margin } : {}),
  ...(example && "desirable" in example ? { desirable: example.desirable } : {})
})

/** All examples as token sequences; nothing is left out or cut without being counted. */
export const encodeAll = (examples: ReadonlyArray<Example>, options: EncodeOptions): EncodedExamples => {
  const outcomes = examples.map((example, row) => encodeExample(example, row, options))
  return {
    encoded: outcomes.flatMap((outcome, i) =>
      outcome._tag === "Kept" ? [encodedOf(examples[i], outcome.sequences)] : []
    ),
    audit: auditOf(options.tokenizer, outcomes),
    problems: outcomes.flatMap((outcome) => (outcome._tag === "Invalid" ? [outcome.problem] : []))
  }
}
