import { Effect } from "effect"
import { Preference, Prompt } from "../../../schemas/mod.ts"
import { columnNames } from "../../arrow/mod.ts"
import { costOfRow } from "../costOfRow.ts"
import { readsFromReference } from "../check/readsFromReference.ts"
import { type Issue, PipelineError, StagesInvalid } from "../errors.ts"
import type { KeyPath } from "./parseYaml.ts"
import type { WrittenPipeline } from "./readPipeline.ts"
import { penaltyIssues } from "./penaltyIssues.ts"
import { columnsAfter, columnsBefore } from "./stageColumns.ts"
import { type StageName, stageName, type StageStep } from "./StageStep.ts"

/** One stage of a compiled pipeline, and the columns before and after it. */
export interface CompiledStage {
  readonly name: StageName
  readonly step: StageStep
  readonly before: ReadonlyArray<string>
  readonly after: ReadonlyArray<string>
}

/** A pipeline whose stages fit together. */
export interface CompiledPipeline extends WrittenPipeline {
  readonly stages: ReadonlyArray<CompiledStage>
}

/** How a column comes about that rows may leave out. */
const givers: Readonly<Record<string, string>> = {
  drawnFrom: 'a stage "sampleReference" before it gives "drawnFrom"',
  fromReference: 'stages "sampleReference" and "pair" with "among: policyAndReference" give "fromReference"'
}

/**
 * Checks that every stage finds the columns it reads, and training those of a pair.
 *
 * Fails    PipelineError: StagesInvalid.
 */
export const compile = Effect.fn("compile")(function* (written: WrittenPipeline) {
  const { at, file } = written
  const issues: Array<Issue> = []
  const stages: Array<CompiledStage> = []
  let before = columnNames(Prompt)
  let giver = "the prompts file"
  const demand = (who: string, needs: ReadonlyArray<string>, key: KeyPath) => {
    const missing = needs.filter((column) => !before.includes(column))
    if (missing.length === 0) return
    const columns = missing.map((column) => `"${column}"`).join(", ")
    const hint = missing.flatMap((column) => givers[column] ?? [])
    const found = `${who} needs ${missing.length > 1 ? "columns" : "column"} ${columns}, ${giver} gives ${before.join(", ")}`
    const detail = [found, ...hint].join("; ")
    issues.push({ at: at(key), key: "", detail })
  }
  issues.push(...penaltyIssues(written))
  for (const [i, step] of file.stages.entries()) {
    const name = stageName(step)
    const who = `stage ${i + 1} "${name}"`
    demand(who, columnsBefore(step), ["stages", i, name])
    const after = columnsAfter(step, before)
    const { responses } = costOfRow(stages)
    if ((step.pair ?? step.judge) !== undefined && responses === 1 && issues.length === 0) {
      const detail = `${who} needs two responses of each prompt, the stages before it draw 1`
      issues.push({ at: at(["stages", i, name]), key: "", detail })
    }
    stages.push({ name, step, before, after })
    before = after
    giver = who
  }
  demand("train", columnNames(Preference), ["stages"])
  if (readsFromReference(file.train.loss))
    demand(`train.loss "${Object.keys(file.train.loss)[0]}"`, ["fromReference"], ["train", "loss"])
  if (file.select.best === "goldReward" && file.evaluate.gold === undefined) {
    const detail = 'select.best is "goldReward" and evaluate has no key "gold", wanted the name of a rule there'
    issues.push({ at: at(["select", "best"]), key: "", detail })
  }
  if (issues.length > 0) {
    return yield* new PipelineError({ action: "compile", what: file.name, reason: new StagesInvalid({ issues }) })
  }
  return { ...written, stages } satisfies CompiledPipeline
})
