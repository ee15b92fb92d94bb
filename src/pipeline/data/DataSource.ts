import type { Comparison, Demonstration, Judged, Prompt } from "../../../schemas/mod.ts"

/** The records that data is read as, by the name of their kind. */
export interface DataKinds {
  readonly judged: Judged
  readonly preferences: Comparison
  readonly demonstrations: Demonstration
  readonly prompts: Prompt
}

/** What rows are read as. */
export type DataKind = keyof DataKinds

/** Every kind. What a first row may be comes first, in the order in which it is asked. */
export const dataKinds: ReadonlyArray<DataKind> = ["judged", "preferences", "demonstrations", "prompts"]

/**
 * Where data lies and how it is shaped.
 *
 * Units    `limit` in rows of the source, the first ones.
 * Domain   `path` is a file of any kind that is known by its name, a folder as Hugging Face lays it out, `hf:owner/name@revision`,
 *          or the name of a data set of the table. `dataset` is a name of the table of data sets and goes before `format`; without either
 *          the format is found in the first rows. `split` is "train" unless told, `revision` "main".
 */
export interface DataSource {
  readonly path: string
  readonly format?: string | undefined
  readonly dataset?: string | undefined
  readonly config?: string | undefined
  readonly split?: string | undefined
  readonly revision?: string | undefined
  readonly limit?: number | undefined
}
