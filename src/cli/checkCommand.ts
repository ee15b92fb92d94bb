import { Effect } from "effect"
import { Command } from "effect/cli"
import { json, pipelineFile, set } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop check`: its flags, and the command that is loaded when it runs. */
export const checkCommand = Command.make(
  "check",
  { file: pipelineFile, set, json },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/check.ts"))
    yield* command.check(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Read a pipeline and all its inputs, and list what is wrong"),
  Command.withExamples([{ command: "prefloop check pipelines/quickstart.yaml", description: "before a long run" }])
)
