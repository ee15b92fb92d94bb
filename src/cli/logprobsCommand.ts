import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { count, encoding, engine, format, kind, path } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop logprobs`: its flags, and the command that is loaded when it runs. */
export const logprobsCommand = Command.make(
  "logprobs",
  {
    model: path("model", "DIR", "Model folder (required)"),
    data: path(
      "data",
      "FILE",
      "Demonstrations, preferences or judged responses: a file, a folder, or hf:owner/name[@revision] (required)"
    ),
    format: Flag.withDefault(format, "records"),
    kind: kind(["judged", "preferences", "demonstrations"]),
    limit: count("limit", "The first rows only (default all)"),
    ...encoding,
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
