import { Schema } from "effect"
import { defaulted, LossWeight, required } from "../../../schemas/mod.ts"
import { losses } from "../../loss/mod.ts"
import type { ObjectiveChoice } from "../../training/mod.ts"
import { oneOf } from "./oneOf.ts"

/** The losses that move a policy, each with its options: those on rewards train a reward model. */
const rows: Readonly<Record<string, Schema.Codec<unknown, unknown>>> = Object.fromEntries(
  Object.entries(losses)
    .filter(([, { on }]) => on !== "rewards")
    .map(([name, { doc, options }]) => [name, options.annotate({ description: doc })])
)

const mixture = Schema.Array(
  Schema.Struct({
    loss: required(oneOf(rows), "A loss"),
    weight: defaulted(LossWeight, 1, "What its mean is multiplied by (no unit)")
  })
).check(Schema.isMinLength(1))

/** The loss that moves the policy: one row of the table, or several with weights. */
export const PolicyLoss = oneOf({
  ...rows,
  mixture: mixture.annotate({ description: "Several losses, added up with weights" })
}) as unknown as Schema.Codec<ObjectiveChoice, unknown> // as: the fields are the rows of the table, by their names
