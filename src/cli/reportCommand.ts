import { Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { Seed } from "../../schemas/mod.ts"
import { count, json, path } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

const lengthBias = Command.make(
  "length-bias",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("Scored responses: a score stage's file of a run (.arrow), or JSON lines")
    ),
    out: path("out", "DIR", "Folder for length-bias.json and length-bias.svg"),
    length: Flag.Literals("length", ["characters", "tokens"]).pipe(
      Flag.withDescription("What the length of a response counts"),
      Flag.withDefault("characters" as const)
    ),
    resamples: count("resamples", "Bootstrap samples behind the interval (default 2000)"),
    seed: Flag.Int("seed").pipe(
      Flag.withDescription("What the bootstrap is derived from"),
      Flag.withSchema(Schema.toEncoded(Seed)),
      Flag.withDefault(0)
    ),
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
