import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { dataFlags, shapeFlag, sources } from "./dataFlags.ts"
import { json, kind, Positive } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop data show`: its flags, and the command that is loaded when it runs. */
export const showCommand = Command.make(
  "show",
  {
    sources,
    format: shapeFlag,
    kind: kind(["judged", "preferences", "demonstrations", "prompts"]),
    ...dataFlags,
    rows: Flag.Int("rows").pipe(
      Flag.withDescription("Records that are shown of each source (default 3)"),
      Flag.withSchema(Positive),
      Flag.withDefault(3)
    ),
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/show.ts"))
    yield* command.show(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Show the first records of data: what its shape is, which columns they have, where they lie"),
  Command.withExamples([
    { command: "prefloop data show pairs.parquet", description: "of a file" },
    {
      command: "prefloop data show hf:openbmb/UltraFeedback@main --dataset ultraFeedback --rows 1",
      description: "of a data set of the hub, by its own layout"
    }
  ])
)
