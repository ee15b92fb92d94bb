import { Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { dataFlags } from "./dataFlags.ts"
import { encoding, format, json, kind, maybe, path, seed } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop data audit`: its flags, and the command that is loaded when it runs. */
export const auditCommand = Command.make(
  "audit",
  {
    model: path("model", "DIR", "Model folder: its tokenizer, chat template and context (required)"),
    data: path(
      "data",
      "FILE",
      "Demonstrations, preferences or judged responses: a file, a folder, or hf:owner/name[@revision] (required)"
    ),
    format: maybe(format),
    kind: kind(["judged", "preferences", "demonstrations", "questions"]),
    ...dataFlags,
    ...encoding,
    seed: seed("What the order of the responses of a question is drawn from"),
    examples: Flag.Int("examples").pipe(
      Flag.withDescription("Examples that are printed with ⟦ ⟧ around each learned token (default 1)"),
      Flag.withSchema(Schema.Natural),
      Flag.withDefault(1)
    ),
    json
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
    },
    {
      command: "prefloop data audit --model DIR --data pairs.jsonl --kind questions",
      description: "as a pairwise preference model is asked which response is better"
    }
  ])
)
