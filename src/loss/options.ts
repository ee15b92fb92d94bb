/**
 * Options that several losses share, as keys of their schemas.
 */
import { Schema } from "effect"
import { defaulted, KlCoefficient, LabelSmoothing } from "../../schemas/mod.ts"

/** The key of β. */
export const klCoefficient = (value: number) =>
  defaulted(
    KlCoefficient,
    value,
    "How strongly the policy is pulled to the reference: η in the paper, β in DPO (1/nat)"
  )

/** The key of ε. */
export const labelSmoothing = (value: number) =>
  defaulted(LabelSmoothing, value, "How often a preference is taken to be wrong: ε (a probability up to ½)")

/** The options of a loss that has none: an object without keys. An empty struct alone lets everything pass. */
export const noOptions = Schema.Struct({}).check(
  Schema.makeFilter((found) => typeof found === "object", { expected: "an object without keys" }, true),
  Schema.isMaxProperties(0, { expected: "an object without keys" })
)
