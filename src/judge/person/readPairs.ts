import { Effect, type FileSystem, Stream } from "effect"
import { Candidates, Pair, Preference } from "../../../schemas/mod.ts"
import { type ArrowError, readRecords, type RecordSchema } from "../../arrow/mod.ts"
import { pairOfPreference, pairsOfCandidates } from "./pairsOf.ts"

/** Longest text that is put on the page (characters); a longer one was hardly meant to be read. */
const longest = 100_000

/** The pairs a file gives, and how many of its rows give none: responses that are the same, or too long to read. */
export interface ReadPairs {
  readonly pairs: ReadonlyArray<Pair>
  readonly rows: number
  readonly dropped: { readonly identical: number; readonly tooLong: number }
}

const fits = ({ first, messages, second }: Pair): boolean =>
  [first, second, ...messages.map(({ content }) => content)].every(({ length }) => length <= longest)

const readAs = <A>(
  path: string,
  schema: RecordSchema<A>,
  pairsOf: (row: A) => ReadonlyArray<Pair>
): Effect.Effect<ReadPairs, ArrowError, FileSystem.FileSystem> =>
  Effect.map(Stream.runCollect(readRecords(path, schema)), (batches) => {
    const found = batches.flatMap(({ rows }) => rows).map(pairsOf)
    const all = [...new Map(found.flat().map((pair) => [pair.pairId, pair])).values()]
    const pairs = all.filter(fits)
    const identical = found.filter(({ length }) => length === 0).length
    return { pairs, rows: found.length, dropped: { identical, tooLong: all.length - pairs.length } }
  })

const isOf = <A>(path: string, schema: RecordSchema<A>) =>
  readRecords(path, schema).pipe(
    Stream.take(1),
    Stream.runHead,
    Effect.match({ onSuccess: () => true, onFailure: () => false })
  )

/**
 * The pairs of a file: rows of pairs, of preferences, or of candidates (scored ones too), told apart by the first rows.
 *
 * Fails    ArrowError; of a file that is none of these, why it holds no candidates.
 */
export const readPairs = Effect.fn("readPairs")(function* (
  path: string,
  options: { readonly seed: number; readonly perPrompt: number }
) {
  if (yield* isOf(path, Pair)) return yield* readAs(path, Pair, (row) => (row.first === row.second ? [] : [row]))
  if (yield* isOf(path, Preference)) return yield* readAs(path, Preference, pairOfPreference)
  return yield* readAs(path, Candidates, pairsOfCandidates(options))
})
