import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { LearnedTurns, LengthPolicy } from "../../schemas/mod.ts"
import { count, engine, format, path } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop logprobs`: its flags, and the command that is loaded when it runs. */
export const logprobsCommand = Command.make(
  "logprobs",
  {
    model: path("model", "DIR", "Model folder"),
    data: path("data", "FILE", "Demonstrations or preferences, as JSON lines"),
    format: Flag.withDefault(format, "records"),
    kind: Flag.Literals("kind", ["demonstrations", "preferences"]).pipe(
      Flag.withDescription("What the rows are read as (default preferences, where the first row is one)"),
      Flag.withDefault(undefined)
    ),
    limit: count("limit", "The first rows only"),
    maxTokens: count("max-tokens", "Longest example, in tokens (default the model's context)"),
    lengthPolicy: Flag.Literals("length-policy", LengthPolicy.literals).pipe(
      Flag.withDescription("What becomes of a longer example"),
      Flag.withDefault("error" as const)
    ),
    turns: Flag.Literals("turns", LearnedTurns.literals).pipe(
      Flag.withDescription("Which assistant turns of a demonstration count"),
      Flag.withDefault("all" as const)
    ),
    batchSize: count("batch-size", "Responses computed together (default 16)"),
    ...engine
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/logprobs.ts"))
    yield* command.logprobs(options).pipe(reportFailure({ json: false }))
  })
).pipe(
  Command.withDescription(
    "Print log π(response | prompt) as training sees it: one JSON object a line, {row, promptId, which, tokens, logp}"
  ),
  Command.withExamples([
    {
      command: "prefloop logprobs --model DIR --data pairs.jsonl --max-tokens 512 --length-policy truncatePrompt",
      description: "of chosen and rejected responses, in nats"
    }
  ])
)
