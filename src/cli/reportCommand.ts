import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { choice, count, json, path, seed } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

const lengthBias = Command.make(
  "length-bias",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("Scored responses: a score stage's file of a run (.arrow), or JSON lines")
    ),
    out: path("out", "DIR", "Folder for length-bias.json and length-bias.svg (required)"),
    length: choice("length", ["characters", "tokens"], {
      otherwise: "characters",
      description: "What the length of a response counts"
    }),
    resamples: count("resamples", "Bootstrap samples behind the interval (default 2000)"),
    seed: seed("What the bootstrap is derived from"),
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/lengthBias.ts"))
    yield* command.lengthBias(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Say how much a reward likes long responses: Pearson's coefficient for each prompt, Fig. 3"),
  Command.withExamples([
    {
      command: "prefloop report length-bias runs/quickstart-seed0/iteration-1/2-score.arrow --out report",
      description: "of the first iteration of a run"
    }
  ])
)

/** `prefloop report`: its reports, each loaded when it runs. */
export const reportCommand = Command.make("report").pipe(
  Command.withDescription("Make a report on a file of a run"),
  Command.withSubcommands([lengthBias])
)
