import { Console, Effect, Schema } from "effect"
import { Argument, CliOutput, Command, Flag } from "effect/cli"
import { auditCommand } from "./auditCommand.ts"
import { CommandFailed } from "./CommandFailed.ts"
import { reportFailure } from "./reportFailure.ts"
import { version } from "./version.ts"

const file = Argument.String("file").pipe(Argument.withDescription("Pipeline file in YAML"))

const set = Flag.String("set").pipe(
  Flag.withDescription(
    "Replace an argument or a key: --set seed=1, --set stages.0.sample.maxNewTokens=32 (repeatable)"
  ),
  Flag.withMetavar("KEY=VALUE"),
  Flag.atLeast(0)
)

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Write JSON objects to stdout, and nothing else"),
  Flag.withDefault(false)
)

const threads = Schema.Int.check(Schema.isGreaterThan(0))

const run = Command.make(
  "run",
  {
    file,
    set,
    json,
    out: Flag.String("out").pipe(
      Flag.withDescription("Run folder (default runs/<name>-seed<seed>)"),
      Flag.withMetavar("DIR"),
      Flag.optional
    ),
    device: Flag.Literals("device", ["cpu", "cuda", "webgpu"]).pipe(
      Flag.withDescription("Where models run"),
      Flag.withDefault("cpu" as const)
    ),
    threads: Flag.Int("threads").pipe(
      Flag.withDescription("Threads of the CPU (default all)"),
      Flag.withSchema(threads),
      Flag.withDefault(undefined)
    ),
    fresh: Flag.Boolean("fresh").pipe(
      Flag.withDescription("Remove what an earlier run left in the run folder"),
      Flag.withDefault(false)
    ),
    tensorboard: Flag.Boolean("tensorboard").pipe(
      Flag.withDescription("Write the measures of training for TensorBoard too, in tensorboard/ of the run folder"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/run.ts"))
    yield* command.run(options).pipe(reportFailure(options))
  })
).pipe(
  Command.withDescription("Run a pipeline; the same command again continues where it stopped"),
  Command.withExamples([
    { command: "prefloop run pipelines/quickstart.yaml --set seed=1", description: "with another seed" }
  ])
)

const check = Command.make(
  "check",
  { file, set, json },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/check.ts"))
    yield* command.check(options).pipe(reportFailure(options))
  })
).pipe(Command.withDescription("Read a pipeline and all its inputs, and list what is wrong"))

const explain = Command.make(
  "explain",
  { file, set, json },
  Effect.fnUntraced(function* (options) {
    const command = yield* Effect.promise(() => import("./commands/explain.ts"))
    yield* command.explain(options).pipe(reportFailure(options))
  })
).pipe(Command.withDescription("Print the columns between stages and what a run costs, without opening a model"))

const data = Command.make("data").pipe(Command.withDescription("Look at data"), Command.withSubcommands([auditCommand]))

const root = Command.make("prefloop").pipe(
  Command.withDescription("Online iterative RLHF: sample, score, pair, train, again"),
  Command.withSubcommands([run, check, explain, data])
)

/** Usage errors are one sentence each on stderr; help is on stdout only when it was asked for. */
const presenter: CliOutput.Presenter = {
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Console.error(
          [
            ...event.errors.map(({ message }) => message),
            `"${event.commandPath.join(" ")} --help" lists what there is`
          ].join("\n")
        )
      : CliOutput.defaultPresenter.present(event)
}

/**
 * The command with its arguments.
 *
 * Fails    CommandFailed: what went wrong has been said on stderr.
 */
export const prefloop = (args: ReadonlyArray<string>) =>
  Command.runWith(root, { version })(args).pipe(
    Effect.catchTag("ShowHelp", ({ errors }) =>
      errors.length > 0 ? Effect.fail(new CommandFailed({ exitCode: 2 })) : Effect.void
    ),
    Effect.provideService(CliOutput.Presenter, presenter)
  )
