import { Effect } from "effect"
import { type Issue, PipelineError, StagesInvalid } from "../errors.ts"
import type { WrittenPipeline } from "./readPipeline.ts"
import { stageColumns, type StageStep } from "./StageStep.ts"

/** One stage of a compiled pipeline, and the columns before and after it. */
export interface CompiledStage {
  readonly name: keyof typeof stageColumns
  readonly step: StageStep
  readonly before: ReadonlyArray<string>
  readonly after: ReadonlyArray<string>
}

/** A pipeline whose stages fit together. */
export interface CompiledPipeline extends WrittenPipeline {
  readonly stages: ReadonlyArray<CompiledStage>
}

const promptColumns = ["promptId", "messages"] as const
const trainColumns = ["promptId", "messages", "chosen", "rejected"] as const

const nameOf = (step: StageStep) => Object.keys(step)[0] as keyof typeof stageColumns // as: the schema leaves exactly one key

/**
 * Checks that every stage finds the columns it reads, and training those of a pair.
 *
 * Fails    PipelineError: StagesInvalid.
 */
export const compile = Effect.fn("compile")(function* (written: WrittenPipeline) {
  const { at, file } = written
  const issues: Array<Issue> = []
  const stages: Array<CompiledStage> = []
  let before: ReadonlyArray<string> = promptColumns
  let giver = "prompts give"
  const demand = (who: string, needs: ReadonlyArray<string>, key: ReadonlyArray<string | number>) => {
    const missing = needs.filter((column) => !before.includes(column))
    if (missing.length === 0) return
    const columns = missing.map((column) => `"${column}"`).join(", ")
    const detail = `${who} needs column${missing.length > 1 ? "s" : ""} ${columns}, ${giver} ${before.join(", ")}`
    issues.push({ at: at(key), key: "", detail })
  }
  for (const [i, step] of file.stages.entries()) {
    const name = nameOf(step)
    const who = `stage ${i + 1} "${name}"`
    const { gives, needs } = stageColumns[name]
    demand(who, needs, ["stages", i, name])
    stages.push({ name, step, before, after: gives })
    before = gives
    giver = `${who} gives`
  }
  demand("train", trainColumns, ["stages"])
  if (file.select.best === "goldReward" && file.evaluate.gold === undefined) {
    const detail = 'select.best is "goldReward", evaluate has no key "gold" (wanted the name of a rule)'
    issues.push({ at: at(["select", "best"]), key: "", detail })
  }
  if (issues.length > 0) {
    return yield* new PipelineError({ action: "compile", what: file.name, reason: new StagesInvalid({ issues }) })
  }
  return { ...written, stages } satisfies CompiledPipeline
})
