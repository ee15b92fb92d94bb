import { Console, Effect } from "effect"
import { CliOutput, Command } from "effect/cli"
import { auditCommand } from "./auditCommand.ts"
import { chatCommand } from "./chatCommand.ts"
import { checkCommand } from "./checkCommand.ts"
import { CommandFailed } from "./CommandFailed.ts"
import { convertCommand } from "./convertCommand.ts"
import { explainCommand } from "./explainCommand.ts"
import { filterCommand } from "./filterCommand.ts"
import { labelCommand } from "./labelCommand.ts"
import { exportCommand } from "./exportCommand.ts"
import { logprobsCommand } from "./logprobsCommand.ts"
import { mapCommand } from "./mapCommand.ts"
import { mixCommand } from "./mixCommand.ts"
import { preferencesCommand } from "./preferencesCommand.ts"
import { reportCommand } from "./reportCommand.ts"
import { runCommand } from "./runCommand.ts"
import { serveCommand } from "./serveCommand.ts"
import { showCommand } from "./showCommand.ts"
import { statsCommand } from "./statsCommand.ts"
import { trainCommand } from "./trainCommand.ts"
import { version } from "./version.ts"

const data = Command.make("data").pipe(
  Command.withDescription("Look at data, and make it of other data"),
  Command.withSubcommands([
    auditCommand,
    convertCommand,
    filterCommand,
    mapCommand,
    mixCommand,
    preferencesCommand,
    showCommand,
    statsCommand
  ])
)

const root = Command.make("prefloop").pipe(
  Command.withDescription("Online iterative RLHF: sample, score, pair, train, again"),
  Command.withSubcommands([
    runCommand,
    checkCommand,
    explainCommand,
    trainCommand,
    logprobsCommand,
    labelCommand,
    reportCommand,
    exportCommand,
    serveCommand,
    chatCommand,
    data
  ])
)

/** What is wrong with a usage, in one sentence. */
const usageError = (message: string): string =>
  message
    .replace("Expected: Schema validation failed: ", "")
    .replace(
      /\s+Did you mean this\?\s+([^]*)$/,
      (_, names: string) => `, did you mean ${names.split(/\s+/).join(" or ")}?`
    )

/** Usage errors are one sentence each on stderr; help is on stdout only when it was asked for. */
const presenter: CliOutput.Presenter = {
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Console.error(
          [
            ...event.errors.map(({ message }) => usageError(message)),
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
