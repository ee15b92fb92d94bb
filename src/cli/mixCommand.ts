import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { onError } from "./dataFlags.ts"
import { json, maybe, path, set, yes } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop data mix`: its flags, and the command that is loaded when it runs. */
export const mixCommand = Command.make(
  "mix",
  {
    file: Argument.String("file").pipe(Argument.withDescription("Mixture file in YAML")),
    set,
    out: maybe(path("out", "DIR", "Folder that is written (default what the file says, or runs/<name>)")),
    dryRun: yes("dry-run", "Check the file and what it names, say what would be done, and do nothing"),
    onError,
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/mix.ts"))
    yield* command.mix(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Make a data set of several: filter, mix, shuffle, split, and write it with a card"),
  Command.withExamples([
    { command: "prefloop data mix pipelines/mix2.yaml --dry-run", description: "what would be done" },
    {
      command: "prefloop data mix pipelines/mix1.tiny.yaml --out runs/mix1",
      description: "a small mixture of the files of this repository"
    }
  ])
)
