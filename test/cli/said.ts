import * as NodeServices from "@effect/platform-node/NodeServices"
import { ConfigProvider, Console, Effect, Exit, Layer } from "effect"
import { Engine } from "../../src/cli/Engine.ts"
import { prefloop } from "../../src/cli/prefloop.ts"

/** The command in this process, without an engine: its exit code and what it wrote. */
export const said = async (args: ReadonlyArray<string>, environment?: Readonly<Record<string, string>>) => {
  const written = { stdout: "", stderr: "" }
  const capture = {
    ...globalThis.console,
    log: (text: string) => void (written.stdout += `${text}\n`),
    error: (text: string) => void (written.stderr += `${text}\n`)
  }
  const exit = await prefloop(args).pipe(
    Effect.provideService(Console.Console, capture),
    Effect.provideService(Engine, () => Layer.effectDiscard(Effect.die("no engine is wanted")) as never), // as: bad input is found before it is asked for
    Effect.provide(NodeServices.layer),
    Effect.provide(
      environment === undefined ? Layer.empty : ConfigProvider.layer(ConfigProvider.fromUnknown(environment))
    ),
    Effect.as(0 as const),
    Effect.catchTag("CommandFailed", ({ exitCode }) => Effect.succeed(exitCode)),
    Effect.runPromiseExit
  )
  const code = Exit.isSuccess(exit) ? exit.value : undefined
  return { code, ...written }
}
