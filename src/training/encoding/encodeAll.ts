import { Result } from "effect"
import type { Audit } from "../../../schemas/mod.ts"
import { letterIds, type Tokenizer } from "../../text/mod.ts"
import type { ExampleInvalid } from "../errors.ts"
import type { Encoded } from "../objective/mod.ts"
import { auditOf } from "./auditOf.ts"
import { encodeExample, type EncodeOptions, type Example } from "./encodeExample.ts"
import type { Outcome } from "./Outcome.ts"

/** Examples as token sequences, what became of all of them, and what has to be corrected. */
export interface EncodedExamples {
  readonly encoded: ReadonlyArray<Encoded>
  readonly audit: Audit
  readonly problems: ReadonlyArray<ExampleInvalid>
}

type Sequences = Encoded["sequences"]

/** The same questions, each answered by the other letter. */
const otherLetters = (tokenizer: Tokenizer): ((sequences: Sequences) => Sequences) => {
  const letters = Result.getOrElse(letterIds(tokenizer), () => ({ A: -1, B: -1 })) // then no question was kept
  return (sequences) =>
    sequences.map(({ ids, promptLength }) => {
      const other = ids.slice()
      other[ids.length - 1] = ids.at(-1) === letters.A ? letters.B : letters.A
      return { ids: other, promptLength }
    })
}

const encodedOf = (example: Example | undefined, sequences: Sequences): Encoded => ({
  promptId: example?.promptId ?? "",
  sequences,
  reference: [],
  ...(example && "margin" in example ? { margin: example.margin } : {}),
  ...(example && "fromReference" in example ? { fromReference: example.fromReference } : {}),
  ...(example && "desirable" in example ? { desirable: example.desirable } : {})
})

/** What became of all examples, in their order. */
export const gatherOutcomes = (
  examples: ReadonlyArray<Example>,
  outcomes: ReadonlyArray<Outcome>,
  options: EncodeOptions
): EncodedExamples => {
  const othersOf = options.pairwise && otherLetters(options.tokenizer)
  return {
    encoded: outcomes.flatMap((outcome, i) => {
      if (outcome._tag !== "Kept") return []
      const { sequences } = outcome
      return [{ ...encodedOf(examples[i], sequences), ...(othersOf ? { alternatives: othersOf(sequences) } : {}) }]
    }),
    audit: auditOf(options.tokenizer, outcomes),
    problems: outcomes.flatMap((outcome) => (outcome._tag === "Invalid" ? [outcome.problem] : []))
  }
}

/** All examples as token sequences; nothing is left out or cut without being counted. */
export const encodeAll = (examples: ReadonlyArray<Example>, options: EncodeOptions): EncodedExamples =>
  gatherOutcomes(
    examples,
    examples.map((example, row) => encodeExample(example, row, options)),
    options
  )
