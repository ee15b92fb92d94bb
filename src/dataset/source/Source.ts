import type { Result } from "effect"
import type { Comparison, Demonstration, Prompt, Problem } from "../../../schemas/mod.ts"
import type { WrittenStep } from "../../curation/mod.ts"

/** The records that a data set of each kind gives. */
export interface SourceKinds {
  readonly preferences: Comparison
  readonly demonstrations: Demonstration
  readonly prompts: Prompt
}

/** What rows of a source gave: records, and how many were left out by which rule. */
export interface Reading<A> {
  readonly records: ReadonlyArray<A>
  readonly dropped: Readonly<Record<string, number>>
}

/** Where a data set lies: an id of the Hugging Face hub, its configuration and split, and the files in it. */
export interface Place {
  readonly hub: string
  readonly config?: string
  readonly split: string
  /** Globs of the files within the repository; absent where no card names them. */
  readonly files?: ReadonlyArray<string>
  /** Present where files whose names end in .json hold one object in each line. */
  readonly jsonFiles?: "jsonl"
}

/**
 * The licence, and who says so: the card of this very data set, the repository of its authors, or others who list or derive
 * from it. A name of "not found" means that no statement was found, not that there is none.
 */
export interface Licence {
  readonly name: string
  readonly from: "card" | "repository" | "others" | "nobody"
}

/** Rows that belong together and lie next to each other: those with one key. */
export interface Grouping {
  readonly keyOf: (value: unknown) => Result.Result<string, Problem>
}

/** What makes records of the rows of a source. */
export interface Readable<A> {
  /** Present where one row is one response: `read` then takes the array of the rows of a group. */
  readonly grouping?: Grouping
  readonly read: (value: unknown, id: string) => Result.Result<Reading<A>, Problem>
}

/** A data set: where it lies, how a row becomes records, which filters the recipe asks for. */
export interface SourceOf<K extends keyof SourceKinds> extends Readable<SourceKinds[K]> {
  readonly title: string
  readonly kind: K
  readonly place: Place
  readonly licence: Licence
  readonly citation: string
  /** Counts of Table 5, after the filters of the authors. */
  readonly paper?: { readonly prompts: number; readonly pairs: number }
  readonly filters: ReadonlyArray<WrittenStep>
}

/** A data set of any kind. */
export type Source = { readonly [K in keyof SourceKinds]: SourceOf<K> }[keyof SourceKinds]
