import { Schema } from "effect"
import { defaulted } from "../../../schemas/mod.ts"

/** Names that the rest of a file may use. */
export const Arguments = defaulted(
  Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
  {},
  "Names usable as ${name} below; --set name=value replaces one"
)
