import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { dataFlags, rulesFlag, shapeFlag, source } from "./dataFlags.ts"
import { count, json, kind, maybe, path, yes } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"

/** `prefloop data filter`: its flags, and the command that is loaded when it runs. */
export const filterCommand = Command.make(
  "filter",
  {
    source,
    rules: rulesFlag,
    datasetRules: yes("dataset-rules", "The rules that the recipe asks for of the data set that --dataset names"),
    out: Flag.String("out").pipe(
      Flag.withDescription(
        "What is written: a file (.jsonl, .arrow, .parquet), or a folder for datasets and TRL (required)"
      ),
      Flag.withMetavar("PATH")
    ),
    dropped: maybe(path("dropped", "FILE", "JSON lines of what was dropped: rule, why, and the record (default none)")),
    against: Flag.String("against").pipe(
      Flag.withDescription(
        "Test set that rows may share no words with (repeatable): a file of any kind, a folder or hf:owner/name; rules call it by its name without ending"
      ),
      Flag.withMetavar("SOURCE"),
      Flag.atLeast(0)
    ),
    fields: maybe(
      Flag.String("against-fields").pipe(
        Flag.withDescription("The fields of test sets that are read, joined by commas (default all that hold text)"),
        Flag.withMetavar("NAMES")
      )
    ),
    ngram: count("ngram", "How many words in a row have to be the same for --against (default 13)"),
    overlaps: maybe(
      path("overlaps", "FILE", "JSON lines of what rows share with --against: row, item, words (default none)")
    ),
    tokenizer: maybe(
      path("tokenizer", "DIR", "Folder of the tokenizer that rules on tokens count with (default none)")
    ),
    format: shapeFlag,
    kind: kind(["judged", "preferences", "demonstrations", "prompts"]),
    ...dataFlags,
    json
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/filter.ts"))
    yield* command.filter(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Leave records out by rules, and say how many by which"),
  Command.withExamples([
    {
      command: "prefloop data filter pairs.jsonl --rules rules.yaml --out kept.jsonl --dropped dropped.jsonl",
      description: "rules.yaml: - ties: {}, - identical: {}, - exactDuplicates: { by: prompt }"
    },
    {
      command:
        "prefloop data filter pairs.jsonl --against gsm8k.parquet --ngram 8 --overlaps shared.jsonl --out clean.jsonl",
      description: "without rows that share 8 words in a row with a test set"
    },
    {
      command: "prefloop data filter hf:stanfordnlp/SHP --dataset shp --dataset-rules --out shp.arrow",
      description: "as the recipe filters a data set"
    }
  ])
)
