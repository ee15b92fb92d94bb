import { Schema } from "effect"
import { defaulted, optional } from "../../../schemas/mod.ts"

const AboveZero = Schema.Finite.check(Schema.isGreaterThan(0))
const Targets = Schema.Union([
  Schema.Literal("all"),
  Schema.Array(Schema.NonEmptyString).check(Schema.isMinLength(1, { message: "Expected at least one name, or all" }))
])

const keys = {
  rank: defaulted(Schema.Int.check(Schema.isGreaterThan(0)), 16, "Rank of the change of a layer (no unit)"),
  alpha: defaulted(AboveZero, 32, "The change is scaled by alpha/rank, or alpha/√rank where rankStabilized (no unit)"),
  targets: defaulted(Targets, "all", "Last parts of the names of the layers that change (q_proj), or all"),
  rankStabilized: defaulted(Schema.Boolean, false, "Whether the scale is that of rsLoRA")
}

const doc = "Train a low-rank change (LoRA) and leave the weights themselves as they are"

/** A low-rank change in a pipeline: merged when its phase ends, since the next step wants a whole model. */
export const mergedAdapter = optional(Schema.Struct(keys), `${doc}; it is merged into them at the end`)

/** A low-rank change that may also be kept by itself. */
export const keptAdapter = optional(
  Schema.Struct({
    ...keys,
    merge: defaulted(Schema.Boolean, false, "Whether a whole model is written, or an adapter in the layout of PEFT")
  }),
  doc
)
