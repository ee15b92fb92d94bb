import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { json, path } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop data preferences`: its flags, and the command that is loaded when it runs. */
export const preferencesCommand = Command.make(
  "preferences",
  {
    labels: Argument.String("labels").pipe(
      Argument.withDescription("Verdicts of `prefloop label`: Arrow, or JSON lines"),
      Argument.atLeast(1)
    ),
    out: path("out", "FILE", "Preferences for training, as JSON lines (required)"),
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/preferences.ts"))
    yield* command.preferences(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Make preferences of verdicts: the majority of the annotators; ties are dropped and counted"),
  Command.withExamples([
    {
      command: "prefloop data preferences labels.arrow --out preferences.jsonl",
      description: "then: prefloop train --loss bradleyTerry --data preferences.jsonl …"
    }
  ])
)
