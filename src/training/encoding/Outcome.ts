import type { ExampleInvalid } from "../errors.ts"
import type { FittedSequence, LengthRule } from "./fitLength.ts"

/** Why an example is left out. */
export type DropRule = LengthRule | "identical" | "turnsUneven" | "roleUnexpected" | "contentEmpty"

/** What became of one example: its sequences, the rule that left it out, or what is wrong with it. */
export type Outcome =
  | { readonly _tag: "Kept"; readonly sequences: ReadonlyArray<FittedSequence>; readonly emptyResponses: number }
  | { readonly _tag: "Dropped"; readonly rule: DropRule }
  | { readonly _tag: "Invalid"; readonly problem: ExampleInvalid }
