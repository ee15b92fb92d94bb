import { Effect } from "effect"
import { Command } from "effect/cli"
import { json, pipelineFile, set } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop explain`: its flags, and the command that is loaded when it runs. */
export const explainCommand = Command.make(
  "explain",
  { file: pipelineFile, set, json },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/explain.ts"))
    yield* command.explain(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Print the columns between stages and what a run costs, without opening a model"),
  Command.withExamples([
    {
      command: "prefloop explain pipelines/quickstart.yaml --set prompts.perIteration=1000",
      description: "with more prompts"
    }
  ])
)
