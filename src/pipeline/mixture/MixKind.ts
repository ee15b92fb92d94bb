import { Schema } from "effect"
import { Comparison, Demonstration, Judged, Prompt } from "../../../schemas/mod.ts"
import type { RecordSchema } from "../../arrow/mod.ts"
import type { ExportKinds } from "../../dataset/mod.ts"

/** What the rows of a mixture are. */
export type MixKind = "preferences" | "demonstrations" | "judged" | "prompts"

const { dataset } = Comparison.fields

/** Records of a mixture say which source they are of, whatever their kind. */
const schemas: { readonly [K in MixKind]: RecordSchema<ExportKinds[K]> } = {
  preferences: Comparison,
  demonstrations: Schema.Struct({ ...Demonstration.fields, dataset }),
  judged: Schema.Struct({ ...Judged.fields, dataset }),
  prompts: Schema.Struct({ ...Prompt.fields, dataset })
}

/** The schema of a kind of record. */
export const schemaOfKind = <K extends MixKind>(kind: K): RecordSchema<ExportKinds[K]> => schemas[kind]
