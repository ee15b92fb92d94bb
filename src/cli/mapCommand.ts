import { Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { Seed } from "../../schemas/mod.ts"
import { formats } from "../dataset/format/mod.ts"
import { count, engine, json, path } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** The formats that give prompts. */
const prompting = Object.entries(formats).flatMap(([name, format]) => ("prompts" in format ? [name] : []))

/** `prefloop data map`: its flags, and the command that is loaded when it runs. */
export const mapCommand = Command.make(
  "map",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("Files of prompts as JSON lines, each a source of its own"),
      Argument.atLeast(1)
    ),
    encoder: path("encoder", "DIR", "Folder of a sentence encoder, such as all-MiniLM-L6-v2"),
    out: path("out", "DIR", "Folder for prompt-map.html, its pictures and prompt-map.json"),
    format: Flag.Literals("format", prompting).pipe(
      Flag.withDescription("Shape of the lines"),
      Flag.withDefault("records")
    ),
    limit: count("limit", "The first rows of each file only"),
    topics: count("topics", "Topics (default the root of half the prompts, at most 20)"),
    fitted: count("fitted", "Prompts that the layout is made of; the others are put into it (default 5000)"),
    maxTokens: count("max-tokens", "Tokens of a prompt that are read (default what the encoder's folder says)"),
    seed: Flag.Int("seed").pipe(
      Flag.withDescription("What layout and topics are derived from"),
      Flag.withSchema(Schema.toEncoded(Seed)),
      Flag.withDefault(0)
    ),
    ...engine,
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/map.ts"))
    yield* command.map(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Draw a map of prompts, similar ones near each other, by source and by topic: Fig. 5"),
  Command.withExamples([
    {
      command: "prefloop data map helpful.jsonl coding.jsonl --encoder all-MiniLM-L6-v2 --out map",
      description: "of two files"
    }
  ])
)
