import { Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { Temperature } from "../../schemas/mod.ts"
import { cache, engine, maybe, path, Positive, seed, weights } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

const Share = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(1))

/** `prefloop chat`: its flags, and the command that is loaded when it runs. */
export const chatCommand = Command.make(
  "chat",
  {
    model: path("model", "DIR", "Model folder that answers (required)"),
    system: maybe(
      Flag.String("system").pipe(Flag.withDescription("System prompt (default none)"), Flag.withMetavar("TEXT"))
    ),
    temperature: Flag.Finite("temperature").pipe(
      Flag.withDescription("Divides the logits; 0 takes the most likely token (default 0.7)"),
      Flag.withSchema(Schema.toEncoded(Temperature)),
      Flag.withDefault(0.7)
    ),
    topP: maybe(
      Flag.Finite("top-p").pipe(
        Flag.withDescription("Only the most likely tokens that have this much together (default 1)"),
        Flag.withSchema(Share)
      )
    ),
    seed: seed("What all answers are derived from"),
    maxNewTokens: Flag.Int("max-new-tokens").pipe(
      Flag.withDescription("Longest answer, in tokens (default 512)"),
      Flag.withSchema(Positive),
      Flag.withDefault(512)
    ),
    weights,
    cache,
    ...engine
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/chat.ts"))
    yield* command.chat(options).pipe(reportFailure({ json: false }))
  })
).pipe(
  Command.withDescription("Talk with a model in the terminal; /help lists commands"),
  Command.withExamples([
    { command: "prefloop chat --model out/dpo --system 'Answer briefly'", description: "under a system prompt" },
    { command: "prefloop chat --model out/dpo < questions.txt", description: "one line is one turn" }
  ])
)
