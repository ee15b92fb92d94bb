import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { dataFlags, shapeFlag, sources } from "./dataFlags.ts"
import { json, kind, maybe, path } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop data stats`: its flags, and the command that is loaded when it runs. */
export const statsCommand = Command.make(
  "stats",
  {
    files: sources,
    format: shapeFlag,
    ...dataFlags,
    kind: kind(["judged", "preferences", "demonstrations", "prompts"]),
    tokenizer: maybe(path("tokenizer", "DIR", "Folder of the tokenizer whose tokens are counted (default characters)")),
    by: Flag.Literals("by", ["dataset", "source", "split"]).pipe(
      Flag.withDescription(
        "What rows are grouped by: their data set (default that which their file is named after), who wrote them, or the splits of a folder or of the hub, which are all read then"
      ),
      Flag.withDefault("dataset" as const)
    ),
    out: maybe(path("out", "DIR", "Folder for statistics.json, .md, .svg and .html (default none)")),
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/stats.ts"))
    yield* command.stats(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription(
    "Say what data holds: prompts, pairs, lengths, who wrote and judged, and how labels are in doubt"
  ),
  Command.withExamples([
    {
      command: "prefloop data stats hh.jsonl shp.jsonl --tokenizer models/llama-3 --out report",
      description: "the columns of Table 5 for two data sets, and their histograms"
    },
    {
      command: "prefloop data stats hf:nvidia/HelpSteer --dataset helpSteer --split validation --on-error skip",
      description: "of a data set of the hub, by its own layout"
    }
  ])
)
