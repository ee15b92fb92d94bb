import { Result } from "effect"
import type { Audit } from "../../../schemas/mod.ts"
import { letterIds, type Tokenizer } from "../../text/mod.ts"
import type { ExampleInvalid } from "../errors.ts"
import type { Encoded } from "../objective/mod.ts"
import { AuditTally } from "./AuditTally.ts"
import { encodeExample, type EncodeOptions, type Example } from "./encodeExample.ts"

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

const encodedOf = (example: Example, sequences: Sequences): Encoded => ({
  promptId: example.promptId,
  sequences,
  reference: [],
  ...("margin" in example ? { margin: example.margin } : {}),
  ...("fromReference" in example ? { fromReference: example.fromReference } : {}),
  ...("desirable" in example ? { desirable: example.desirable } : {})
})

/** Turns examples into token sequences, one after another. */
export interface Encoder {
  /** The next example as token sequences; nothing, when it is left out. */
  readonly encode: (example: Example) => Result.Result<Encoded | undefined, ExampleInvalid>
  /** What became of all of them so far: nothing is left out or cut without being counted. */
  readonly audit: () => Audit
}

/** An encoder that has seen no example. */
export const makeEncoder = (options: EncodeOptions): Encoder => {
  const tally = new AuditTally(options.tokenizer)
  const othersOf = options.pairwise && otherLetters(options.tokenizer)
  let row = 0
  return {
    encode: (example) => {
      const outcome = encodeExample(example, row++, options)
      tally.add(outcome)
      if (outcome._tag === "Invalid") return Result.fail(outcome.problem)
      if (outcome._tag === "Dropped") return Result.succeed(undefined)
      const { sequences } = outcome
      const encoded = encodedOf(example, sequences)
      return Result.succeed(othersOf ? { ...encoded, alternatives: othersOf(sequences) } : encoded)
    },
    audit: () => tally.audit
  }
}
