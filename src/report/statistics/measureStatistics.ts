import { Effect, Stream } from "effect"
import type { DatasetStatistics } from "../../../schemas/mod.ts"
import { countCharacters, type DataRow, GroupedTally } from "../../metric/mod.ts"
import type { Tokenizing } from "../../tokenizing/mod.ts"

/** How lengths are counted, and by what rows are grouped. */
export interface StatisticsOptions {
  readonly by: "dataset" | "source" | "split"
  /** What counts tokens, by its name in the result; without it, lengths are in characters. */
  readonly tokenizer?: Tokenizing & { readonly name: string }
}

/** Texts whose number of tokens is remembered: rows beside each other share prompts and responses. */
const remembered = 1024

/** Characters of rows after which others may run. */
const breath = 4096

const textsOf = ({ chosen, messages, rejected, response }: DataRow): ReadonlyArray<string> => [
  ...messages.map(({ content }) => content),
  ...[response, chosen, rejected].flatMap((text) => text ?? [])
]

/** Lengths of texts in tokens: those of a row are `learn`ed before they are asked for. */
const makeTokenLengths = ({ run }: Tokenizing) => {
  const known = new Map<string, number>()
  const learn = (texts: ReadonlyArray<string>) => {
    if (known.size > remembered) known.clear()
    return Effect.forEach(
      texts,
      (text) =>
        known.has(text) ? Effect.void : Effect.map(run("encode", text), ({ length }) => known.set(text, length)),
      { discard: true }
    )
  }
  return { learn, lengthOf: (text: string) => known.get(text) ?? 0 }
}

/** Lengths in code points, in turns with whatever else runs. */
const makeCharacterLengths = () => {
  let since = 0
  const learn = (texts: ReadonlyArray<string>) => {
    since += texts.reduce((sum, { length }) => sum + length, 0)
    if (since < breath) return Effect.void
    since = 0
    return Effect.yieldNow
  }
  return { learn, lengthOf: countCharacters }
}

/**
 * Statistics of rows of one kind: prompts, demonstrations, judged responses or comparisons. Others may run between rows.
 *
 * Source   Table 5.
 * Units    Lengths in tokens of `tokenizer` without special tokens or template, or in code points.
 * Domain   Memory as GroupedTally says: 32 bytes a comparison, 8 any other row, and what 1024 texts take.
 * Fails    What the stream fails with; TextError: ThreadFailed.
 */
export const measureStatistics = Effect.fn("measureStatistics")(function* <E, R>(
  rows: Stream.Stream<DataRow, E, R>,
  { by, tokenizer }: StatisticsOptions
) {
  const { learn, lengthOf } = tokenizer ? makeTokenLengths(tokenizer) : makeCharacterLengths()
  const tally = new GroupedTally({ by, unit: tokenizer ? "tokens" : "characters", lengthOf })
  yield* Stream.runForEach(rows, (row) => Effect.map(learn(textsOf(row)), () => tally.add(row)))
  const named = tokenizer ? { tokenizer: tokenizer.name } : {}
  return { ...tally.summary(), ...named } satisfies DatasetStatistics
})
