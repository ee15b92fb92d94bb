import { optionalColumns } from "../../arrow/mod.ts"
import { stages } from "../../stage/mod.ts"
import { type StageName, stageName, type StageStep } from "./StageStep.ts"

/** What a stage reads and gives besides the columns that all its rows have. */
interface Extra {
  readonly needs?: (parameters: unknown) => ReadonlyArray<string>
  readonly gives?: (parameters: unknown) => ReadonlyArray<string>
}

/** The columns that a stage reads with its parameters. */
export const columnsBefore = (step: StageStep): ReadonlyArray<string> => {
  const name = stageName(step)
  const extra = stages[name] as unknown as Extra // as: the schema decoded the parameters of this stage
  return [...stages[name].columnsIn, ...(extra.needs?.(step[name]) ?? [])]
}

/** The columns after a stage: those it always gives, those its parameters ask for, and what it passes on of those before. */
export const columnsAfter = (step: StageStep, before: ReadonlyArray<string>): ReadonlyArray<string> => {
  const name: StageName = stageName(step)
  const extra = stages[name] as unknown as Extra // as: as above
  const passed = optionalColumns(stages[name].output).filter((column) => before.includes(column))
  return [...new Set([...stages[name].columnsOut, ...passed, ...(extra.gives?.(step[name]) ?? [])])]
}
