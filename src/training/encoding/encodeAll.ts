import type { Audit } from "../../../schemas/mod.ts"
import type { Sequence } from "../../model/mod.ts"
import type { ExampleInvalid } from "../errors.ts"
import { auditOf } from "./auditOf.ts"
import { encodeExample, type EncodeOptions, type Example } from "./encodeExample.ts"

/** An example as token sequences: chosen before rejected. */
export interface EncodedExample {
  readonly promptId: string
  readonly sequences: ReadonlyArray<Sequence>
}

/** Examples as token sequences, what became of all of them, and what has to be corrected. */
export interface EncodedExamples {
  readonly encoded: ReadonlyArray<EncodedExample>
  readonly audit: Audit
  readonly problems: ReadonlyArray<ExampleInvalid>
}

/** All examples as token sequences; nothing is left out or cut without being counted. */
export const encodeAll = (examples: ReadonlyArray<Example>, options: EncodeOptions): EncodedExamples => {
  const outcomes = examples.map((example, row) => encodeExample(example, row, options))
  return {
    encoded: outcomes.flatMap((outcome, i) =>
      outcome._tag === "Kept" ? [{ promptId: examples[i]?.promptId ?? "", sequences: outcome.sequences }] : []
    ),
    audit: auditOf(options.tokenizer, outcomes),
    problems: outcomes.flatMap((outcome) => (outcome._tag === "Invalid" ? [outcome.problem] : []))
  }
}
