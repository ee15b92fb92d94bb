import { Effect } from "effect"
import { Command } from "effect/cli"
import { dataFlags, shapeFlag, sources } from "./dataFlags.ts"
import { count, engine, json, path, seed } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop data map`: its flags, and the command that is loaded when it runs. */
export const mapCommand = Command.make(
  "map",
  {
    files: sources,
    encoder: path("encoder", "DIR", "Folder of a sentence encoder, such as all-MiniLM-L6-v2 (required)"),
    out: path("out", "DIR", "Folder for prompt-map.html, its pictures and prompt-map.json (required)"),
    format: shapeFlag,
    ...dataFlags,
    topics: count("topics", "Topics (default the root of half the prompts, at most 20)"),
    fitted: count("fitted", "Prompts that the layout is made of; the others are put into it (default 5000)"),
    maxTokens: count("max-tokens", "Tokens of a prompt that are read (default what the encoder's folder says)"),
    seed: seed("What layout and topics are derived from"),
    ...engine,
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/map.ts"))
    yield* command.map(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription(
    "Draw a map of prompts, similar ones near each other, by source (what a row says, or its file) and by topic: Fig. 5"
  ),
  Command.withExamples([
    {
      command: "prefloop data map helpful.jsonl coding.jsonl --encoder all-MiniLM-L6-v2 --out map",
      description: "of two files"
    }
  ])
)
