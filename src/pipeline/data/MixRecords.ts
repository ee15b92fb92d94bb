import { Schema } from "effect"
import { Comparison, Demonstration, Prompt } from "../../../schemas/mod.ts"
import type { RecordSchema } from "../../arrow/mod.ts"

const { dataset } = Comparison.fields

/** Records of a mixture say which source they are of, whatever their kind. */
const LabelledDemonstration = Schema.Struct({ ...Demonstration.fields, dataset })
const LabelledPrompt = Schema.Struct({ ...Prompt.fields, dataset })

/** The records that are mixed, by the name of their kind. */
export interface MixRecords {
  readonly preferences: Comparison
  readonly demonstrations: typeof LabelledDemonstration.Type
  readonly prompts: typeof LabelledPrompt.Type
}
export type MixKind = keyof MixRecords

const schemas: { readonly [K in MixKind]: RecordSchema<MixRecords[K]> } = {
  preferences: Comparison,
  demonstrations: LabelledDemonstration,
  prompts: LabelledPrompt
}

/** The schema of a kind of record. */
export const schemaOfKind = <K extends MixKind>(kind: K): RecordSchema<MixRecords[K]> => schemas[kind]
