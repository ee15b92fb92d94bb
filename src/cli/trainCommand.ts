import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { engine, json, yes } from "./flags.ts"
import { reportFailure } from "./reportFailure.ts"
import { trainFlags } from "./trainFlags.ts"

/** `prefloop train`: its flags, and the command that is loaded when it runs. */
export const trainCommand = Command.make(
  "train",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("Training file in YAML; flags replace what it says"),
      Argument.withDefault(undefined)
    ),
    ...trainFlags,
    set: Flag.String("set").pipe(
      Flag.withDescription("Any other key of a training file: --set weighting=wpo (repeatable)"),
      Flag.withMetavar("KEY=VALUE"),
      Flag.atLeast(0)
    ),
    ...engine,
    json,
    explain: yes("explain", "Predict the peak memory on these examples, and train nothing"),
    tensorboard: yes("tensorboard", "Write the measures for TensorBoard too, in <into>.log/tensorboard")
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/train.ts"))
    yield* command.train(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Train one phase by itself; the same command again continues where it stopped"),
  Command.withExamples([
    {
      command: "prefloop train pipelines/dpo.train.yaml --set seed=1",
      description: "what a file says, with another seed"
    },
    {
      command: "prefloop train --loss dpo --model DIR --data pairs.jsonl --into out/dpo --learning-rate 5e-6",
      description: "without a file; the reference is the model itself"
    },
    {
      command:
        "prefloop train --loss sft --model DIR --data talks.jsonl --into out/sft --lora-rank 16 --lora-targets q_proj,v_proj",
      description: "an adapter in the layout of PEFT"
    }
  ])
)
