import { Comparison, Demonstration, Prompt } from "../../schemas/mod.ts"

/** What a rule may read of a record: the prompt, and the fields that records of some kinds have beside it. */
export interface Row extends Prompt {
  readonly response?: string
  readonly chosen?: string
  readonly rejected?: string
  readonly margin?: number
  readonly chosenScore?: number
  readonly rejectedScore?: number
  readonly contradicted?: string
}

/** The records that can be curated, by the name of their kind. */
export const kinds = { prompts: Prompt, demonstrations: Demonstration, comparisons: Comparison } as const

/** What a stream of records holds. */
export type Kind = keyof typeof kinds

/** Every kind. */
export const allKinds: ReadonlyArray<Kind> = Object.keys(kinds) as ReadonlyArray<Kind> // as: Object.keys forgets the names

/** The kinds whose records have a field. */
export const kindsWith = (field: keyof Row): ReadonlyArray<Kind> =>
  allKinds.filter((kind) => Object.hasOwn(kinds[kind].fields, field))
