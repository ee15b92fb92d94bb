import { Schema } from "effect"
import { oneOf, defaulted, LossWeight, required } from "../../../schemas/mod.ts"
import { losses } from "../../loss/mod.ts"
import type { ObjectiveChoice } from "../../training/mod.ts"

type Rows = Readonly<Record<string, Schema.Codec<unknown, unknown>>>

/** The rows of the table of losses, each with its options. */
const rowsOf = (wanted: (on: "pairs" | "rows" | "rewards") => boolean): Rows =>
  Object.fromEntries(
    Object.entries(losses)
      .filter(([, { on }]) => wanted(on))
      .map(([name, { doc, options }]) => [name, options.annotate({ description: doc })])
  )

/** The losses that move a policy: those on rewards train a reward model. */
const policyRows = rowsOf((on) => on !== "rewards")

const mixture = Schema.Array(
  Schema.Struct({
    loss: required(oneOf(policyRows), "A loss"),
    weight: defaulted(LossWeight, 1, "What its mean is multiplied by (no unit)")
  })
)
  .check(Schema.isMinLength(1))
  .annotate({ description: "Several losses, added up with weights" })

/** The loss that moves the policy: one row of the table, or several with weights. */
export const PolicyLoss = oneOf({ ...policyRows, mixture }) as unknown as Schema.Codec<ObjectiveChoice, unknown> // as: the fields are the rows of the table, by their names

const sft = Schema.Struct({})
  .check(
    Schema.makeFilter((found) => typeof found === "object", { expected: "an object without keys" }, true),
    Schema.isMaxProperties(0, { expected: "an object without keys" })
  )
  .annotate({ description: "Supervised fine-tuning on demonstrations (§3.1)" })

const preferenceModel = sft.annotate({
  description: "A pairwise preference model: the letter of the better response (§2.1)"
})

/** Whatever one training phase can minimise: a policy's loss, a reward or preference model's, or imitation. */
export const AnyLoss = oneOf({ sft, preferenceModel, ...rowsOf(() => true), mixture }) as unknown as Schema.Codec<
  ObjectiveChoice,
  unknown
> // as: as above
