import { Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { LearnedTurns, LengthPolicy } from "../../schemas/mod.ts"
import { reportFailure } from "./reportFailure.ts"

const positive = Schema.Int.check(Schema.isGreaterThan(0))

/** `prefloop data audit`: its flags, and the command that is loaded when it runs. */
export const auditCommand = Command.make(
  "audit",
  {
    model: Flag.String("model").pipe(
      Flag.withDescription("Model folder: its tokenizer, chat template and context"),
      Flag.withMetavar("DIR")
    ),
    data: Flag.String("data").pipe(
      Flag.withDescription("Demonstrations or preferences, as JSON lines"),
      Flag.withMetavar("FILE")
    ),
    format: Flag.String("format").pipe(
      Flag.withDescription("Shape of the lines: records, promptChosenRejected, selfInstruct"),
      Flag.withMetavar("NAME"),
      Flag.withDefault("records")
    ),
    kind: Flag.Literals("kind", ["demonstrations", "preferences"]).pipe(
      Flag.withDescription("What the rows are read as (default preferences, where the first row is one)"),
      Flag.withDefault(undefined)
    ),
    limit: Flag.Int("limit").pipe(
      Flag.withDescription("The first rows only"),
      Flag.withSchema(positive),
      Flag.withDefault(undefined)
    ),
    maxTokens: Flag.Int("max-tokens").pipe(
      Flag.withDescription("Longest example, in tokens (default the model's context)"),
      Flag.withSchema(positive),
      Flag.withDefault(undefined)
    ),
    lengthPolicy: Flag.Literals("length-policy", LengthPolicy.literals).pipe(
      Flag.withDescription("What becomes of a longer example"),
      Flag.withDefault("error" as const)
    ),
    turns: Flag.Literals("turns", LearnedTurns.literals).pipe(
      Flag.withDescription("Which assistant turns of a demonstration are learned"),
      Flag.withDefault("all" as const)
    ),
    examples: Flag.Int("examples").pipe(
      Flag.withDescription("Examples that are printed with ⟦ ⟧ around each learned token"),
      Flag.withSchema(Schema.Natural),
      Flag.withDefault(1)
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Write one JSON object to stdout, and nothing else"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/audit.ts"))
    yield* command.audit(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Say what examples become as tokens, before anything is trained on them"),
  Command.withExamples([
    {
      command: "prefloop data audit --model DIR --data pairs.jsonl --max-tokens 512 --length-policy truncatePrompt",
      description: "with pairs cut to 512 tokens"
    }
  ])
)
