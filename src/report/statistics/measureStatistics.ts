import { Effect, Stream } from "effect"
import type { DatasetStatistics } from "../../../schemas/mod.ts"
import { countCharacters, type DataRow, GroupedTally } from "../../metric/mod.ts"

/** How lengths are counted, and by what rows are grouped. */
export interface StatisticsOptions {
  readonly by: "dataset" | "source"
  /** What counts tokens, by its name in the result; without it, lengths are in characters. */
  readonly tokenizer?: { readonly name: string; readonly encode: (text: string) => ArrayLike<number> }
}

/** Texts whose number of tokens is remembered: rows beside each other share prompts and responses. */
const remembered = 1024

/** Characters of rows after which others may run: some 10 ms of a tokenizer. */
const breath = 4096

const tokensOf = (encode: (text: string) => ArrayLike<number>) => {
  const known = new Map<string, number>()
  return (text: string): number => {
    const found = known.get(text)
    if (found !== undefined) return found
    const { length } = encode(text)
    if (known.size === remembered) known.clear()
    known.set(text, length)
    return length
  }
}

const sizeOf = ({ chosen = "", messages, rejected = "", response = "" }: DataRow): number =>
  messages.reduce((sum, { content }) => sum + content.length, chosen.length + rejected.length + response.length)

/**
 * Statistics of rows of one kind: prompts, demonstrations, judged responses or comparisons. Others may run between rows.
 *
 * Source   Table 5.
 * Units    Lengths in tokens of `tokenizer` without special tokens or template, or in code points.
 * Domain   Memory as GroupedTally says: 24 bytes a comparison, 8 any other row, and what 1024 texts take.
 * Fails    What the stream fails with.
 */
export const measureStatistics = Effect.fn("measureStatistics")(function* <E, R>(
  rows: Stream.Stream<DataRow, E, R>,
  { by, tokenizer }: StatisticsOptions
) {
  const tally = new GroupedTally({
    by,
    unit: tokenizer ? "tokens" : "characters",
    lengthOf: tokenizer ? tokensOf(tokenizer.encode) : countCharacters
  })
  let since = 0
  yield* Stream.runForEach(rows, (row) =>
    Effect.suspend(() => {
      tally.add(row)
      since += sizeOf(row)
      if (since < breath) return Effect.void
      since = 0
      return Effect.yieldNow
    })
  )
  const named = tokenizer ? { tokenizer: tokenizer.name } : {}
  return { ...tally.summary(), ...named } satisfies DatasetStatistics
})
