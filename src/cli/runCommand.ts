import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { engine, json, path, pipelineFile, set, yes } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop run`: its flags, and the command that is loaded when it runs. */
export const runCommand = Command.make(
  "run",
  {
    file: pipelineFile,
    set,
    json,
    out: Flag.optional(path("out", "DIR", "Run folder (default runs/<name>-seed<seed>)")),
    ...engine,
    fresh: yes("fresh", "Remove what an earlier run left in the run folder"),
    tensorboard: yes(
      "tensorboard",
      "Write the measures of training for TensorBoard too, in tensorboard/ of the run folder"
    )
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/run.ts"))
    yield* command.run(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Run a pipeline; the same command again continues where it stopped"),
  Command.withExamples([
    { command: "prefloop run pipelines/quickstart.yaml --set seed=1", description: "with another seed" },
    {
      command: "prefloop run pipelines/quickstart.yaml --out runs/first --tensorboard",
      description: "in a folder of its own, watched by TensorBoard"
    }
  ])
)
