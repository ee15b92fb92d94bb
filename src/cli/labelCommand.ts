import { Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { Temperature } from "../../schemas/mod.ts"
import { shapeFlag } from "./dataFlags.ts"
import { cache, count, engine, json, maybe, path, seed, weights } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

const Port = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))
const Name = Schema.NonEmptyString.check(Schema.isMaxLength(64))

/** `prefloop label`: its flags, and the command that is loaded when it runs. */
export const labelCommand = Command.make(
  "label",
  {
    pairs: maybe(
      path(
        "pairs",
        "FILE",
        "Pairs, preferences or candidates: JSON lines, or a stage's file of a run (.arrow); or --prompts (one is required)"
      )
    ),
    prompts: maybe(
      path(
        "prompts",
        "FILE",
        "Prompts, which --policy answers twice each: a file of any kind, a folder, or hf:owner/name[@revision]; or --pairs (one is required)"
      )
    ),
    policy: maybe(path("policy", "DIR", "Model folder that answers --prompts (required with it)")),
    format: shapeFlag,
    annotator: Flag.String("annotator").pipe(
      Flag.withDescription("Who judges (required; repeatable: the page asks who is there)"),
      Flag.withMetavar("NAME"),
      Flag.withSchema(Name),
      Flag.between(1, 64)
    ),
    out: path("out", "FILE", "Arrow file of the verdicts; what it holds is kept and gone on with (required)"),
    port: Flag.Int("port").pipe(
      Flag.withDescription("Port of the page on this machine (default one that is free)"),
      Flag.withSchema(Port),
      Flag.withDefault(0)
    ),
    perPrompt: count("per-prompt", "Pairs of each row of candidates (default 1)"),
    limit: count("limit", "The first rows only (default all)"),
    temperature: Flag.Finite("temperature").pipe(
      Flag.withDescription("Temperature at which --policy answers (default 1)"),
      Flag.withSchema(Schema.toEncoded(Temperature)),
      Flag.withDefault(1)
    ),
    maxNewTokens: count("max-new-tokens", "Longest answer of --policy, in tokens (default 256)"),
    weights,
    cache,
    seed: seed("What answers, pairs and the order of responses are derived from"),
    ...engine,
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/label.ts"))
    yield* command.label(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Compare two responses on a page on this machine; the same command again goes on"),
  Command.withExamples([
    { command: "prefloop label --pairs pairs.jsonl --annotator ann --out labels.arrow", description: "of a file" },
    {
      command: "prefloop label --prompts prompts.jsonl --policy DIR --annotator ann --annotator ben --out labels.arrow",
      description: "of answers drawn now, by two persons"
    }
  ])
)
