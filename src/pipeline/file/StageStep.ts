import { Schema } from "effect"
import { oneOf } from "./oneOf.ts"

export const StageStep = oneOf({ sample: Schema.Struct({}), score: Schema.Struct({}), pair: Schema.Struct({}) })
export type StageStep = typeof StageStep.Type
