import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Exit, Layer } from "effect"
import { CommandFailed } from "../../src/cli/CommandFailed.ts"
import { Engine } from "../../src/cli/Engine.ts"
import { prefloop } from "../../src/cli/prefloop.ts"

/** The command in this process, on bad input: its exit code and what it wrote. */
export const said = async (args: ReadonlyArray<string>) => {
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
    Effect.flip,
    Effect.runPromiseExit
  )
  const code = Exit.isSuccess(exit) && exit.value instanceof CommandFailed ? exit.value.exitCode : undefined
  return { code, ...written }
}
