import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { dataFlags, shapeFlag, source } from "./dataFlags.ts"
import { json, kind, maybe } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop data convert`: its flags, and the command that is loaded when it runs. */
export const convertCommand = Command.make(
  "convert",
  {
    source,
    out: Flag.String("out").pipe(
      Flag.withDescription(
        "What is written: a file (.jsonl, .arrow, .parquet), or a folder for datasets and TRL; it appears when it is complete (required)"
      ),
      Flag.withMetavar("PATH")
    ),
    format: shapeFlag,
    kind: kind(["judged", "preferences", "demonstrations", "prompts"]),
    ...dataFlags,
    columns: maybe(
      Flag.Literals("columns", ["records", "trl", "all"]).pipe(
        Flag.withDescription(
          "records: those that prefloop trains on (default in a file); trl: those of TRL (default in a folder); all: TRL's with ours beside them, of which its RewardTrainer takes margin as that of its loss"
        )
      )
    ),
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/convert.ts"))
    yield* command.convert(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Write data in another form"),
  Command.withExamples([
    { command: "prefloop data convert pairs.csv --out pairs.arrow", description: "CSV as Arrow" },
    {
      command: "prefloop data convert hf:Anthropic/hh-rlhf --dataset hhRlhf --on-error skip --out hh.parquet",
      description: "a data set of the hub; rows that cannot be read are counted"
    },
    {
      command: "prefloop data convert pairs.jsonl --out export",
      description: "a folder that datasets.load_dataset and TRL take as it is"
    }
  ])
)
