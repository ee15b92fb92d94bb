import { Effect, type Schema, type Stream } from "effect"
import type { Tokenizer } from "../../text/mod.ts"
import type { BenchmarkItem } from "../contamination/BenchmarkItem.ts"
import type { CurationError } from "../errors.ts"
import type { Part } from "../Part.ts"
import type { Kind, Row } from "../Row.ts"

/** What rules may ask for beside their parameters. */
export interface Resources<E = never, R = never> {
  readonly tokenizer?: Tokenizer
  /** The items of test sets by the names that `decontaminate` calls. */
  readonly benchmarks?: Readonly<Record<string, Stream.Stream<BenchmarkItem, E, R>>>
}

/** What a row shares with an item of a test set: the part of the row, and the run of words. */
export interface SharedWords {
  readonly benchmark: string
  readonly item: string
  readonly part: Part
  readonly ngram: string
}

/** Why a row is dropped, in words; with what it shares with a test set where that is why. */
export interface Reason {
  readonly why: string
  readonly shared?: SharedWords
}

/** Looks at rows one by one, in order: says why a row is dropped, or nothing where it stays. */
export interface Judging {
  readonly judge: (row: Row) => string | Reason | undefined
}

/** Keeps rows back under their numbers until all have come. */
export interface Holding {
  /** Takes a row; gives the number of the row that falls out for it, if one does. */
  readonly hold: (row: Row, number: number) => number | undefined
  readonly why: string
}

/** A rule at work on one stream. */
export type Work = Judging | Holding

/** A filter as data: what it is for, its parameters, the kinds of records it reads, and its work on one stream. */
export interface Rule<Params, Encoded> {
  readonly doc: string
  readonly params: Schema.Codec<Params, Encoded>
  readonly kinds: (params: Params) => ReadonlyArray<Kind>
  readonly open: <E, R>(
    params: Params,
    resources: Resources<E, R>
  ) => Effect.Effect<Work, CurationError["reason"] | E, R>
}

/** A rule as it is written; only its types are worked out. */
export const makeRule = <Params, Encoded>(rule: Rule<Params, Encoded>): Rule<Params, Encoded> => rule

/** A rule that needs nothing but its parameters. `judge` is asked once for each stream. */
export const makeJudge = <Params, Encoded>({
  judge,
  ...rule
}: Omit<Rule<Params, Encoded>, "open"> & {
  readonly judge: (params: Params) => Judging["judge"]
}): Rule<Params, Encoded> => ({ ...rule, open: (params) => Effect.sync(() => ({ judge: judge(params) })) })
