import { Result, Schema } from "effect"
import { oneOf } from "../../schemas/mod.ts"
import { CurationError, StepsInvalid } from "./errors.ts"
import type { Rule } from "./rule/Rule.ts"
import { type RuleName, rules } from "./rule/rules.ts"

type Parameters = { readonly [N in RuleName]: (typeof rules)[N]["params"] }

const parameters = Object.fromEntries(
  Object.entries(rules).map(([name, { doc, params }]) => [
    name,
    (params as Schema.Top).annotate({ description: doc }) // as: the rows are of different types
  ])
) as unknown as Parameters // as: Object.entries forgets which parameters belong to which name

/** One step of a curation: the name of a rule, and its parameters. */
export const Step = oneOf(parameters)
export type Step = typeof Step.Type

/** A step as it is written, defaults left out. */
export type WrittenStep = { readonly [N in RuleName]: { readonly [K in N]: Parameters[N]["Encoded"] } }[RuleName]

/** Filters as they are written in a pipeline file, applied one after the other. */
export const Steps = Schema.Array(Step)
export type Steps = typeof Steps.Type

/** A step taken apart. The parameters are those of the rule. */
export const ruleOf = (step: Step): { name: RuleName; rule: Rule<unknown, unknown>; params: unknown } => {
  const [name, params] = Object.entries(step)[0] as [RuleName, unknown] // as: the schema leaves exactly one key
  return { name, rule: rules[name] as unknown as Rule<unknown, unknown>, params } // as: name and parameters belong together
}

const decode = Schema.decodeUnknownResult(Steps, { errors: "all", onExcessProperty: "error", reportInput: true })

/**
 * Reads steps that come as plain data.
 *
 * Fails    CurationError (StepsInvalid); an unknown rule is told with the known ones.
 */
export const decodeSteps = (found: unknown): Result.Result<Steps, CurationError> =>
  Result.mapError(decode(found), (error) => {
    const unknown = (Array.isArray(found) ? found : [])
      .flatMap((step: unknown) => (typeof step === "object" && step !== null ? Object.keys(step) : []))
      .find((name) => !Object.hasOwn(rules, name))
    const known = Object.keys(rules).join(", ")
    const issues = unknown === undefined ? error.message : `found rule "${unknown}", wanted a known one (${known})`
    return new CurationError({ action: "read the steps", reason: new StepsInvalid({ issues }) })
  })
