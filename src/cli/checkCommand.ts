import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { json, set } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop check`: its flags, and the command that is loaded when it runs. */
export const checkCommand = Command.make(
  "check",
  { file: Argument.String("file").pipe(Argument.withDescription("File in YAML")), set, json },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/check.ts"))
    yield* command.check(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Read a pipeline, a training or a mixture and all its inputs, and list what is wrong"),
  Command.withExamples([{ command: "prefloop check pipelines/quickstart.yaml", description: "before a long run" }])
)
