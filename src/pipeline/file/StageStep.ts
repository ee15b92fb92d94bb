import { oneOf } from "../../../schemas/mod.ts"
import type { Schema } from "effect"
import { stages } from "../../stage/mod.ts"

export type StageName = keyof typeof stages

type Parameters = { readonly [N in StageName]: (typeof stages)[N]["params"] }

const documented = (stage: { readonly doc: string; readonly params: Schema.Top }) =>
  stage.params.annotate({ description: stage.doc })

const parameters = Object.fromEntries(
  Object.entries(stages).map(([name, stage]) => [name, documented(stage)])
) as unknown as Parameters // as: Object.entries forgets which parameters belong to which name

/** One stage of a pipeline: its name, and its parameters. */
export const StageStep = oneOf(parameters)
export type StageStep = typeof StageStep.Type

/** The name of a step's stage. */
export const stageName = (step: StageStep): StageName => Object.keys(step)[0] as StageName // as: the schema leaves exactly one key
