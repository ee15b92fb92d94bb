import * as NodeServices from "@effect/platform-node/NodeServices"
import { ConfigProvider, Console, type Context, Effect, Exit, Layer, Logger, Sink, Stdio } from "effect"
import { Engine } from "../../src/cli/Engine.ts"
import { prefloop } from "../../src/cli/prefloop.ts"

type EngineOf = Context.Service.Shape<typeof Engine>

/** No engine: what is wrong is found before one is asked for. */
const noEngine: EngineOf = () => Layer.effectDiscard(Effect.die("no engine is wanted")) as never // as: it gives nothing

/** ONNX Runtime, as the command has it. */
export const realEngine: EngineOf = Engine.defaultValue()

/** The command in this process, as `main.ts` runs it: its exit code and what it wrote. */
export const said = async (
  args: ReadonlyArray<string>,
  options: { readonly engine?: EngineOf; readonly environment?: Readonly<Record<string, string>> } = {}
) => {
  const { engine = noEngine, environment } = options
  const written = { stdout: "", stderr: "" }
  const capture = {
    ...globalThis.console,
    log: (text: string) => void (written.stdout += `${text}\n`),
    error: (text: string) => void (written.stderr += `${text}\n`)
  }
  const into = (stream: "stdout" | "stderr") => () =>
    Sink.forEach((text: string | Uint8Array) => Effect.sync(() => void (written[stream] += String(text))))
  const exit = await prefloop(args).pipe(
    Effect.provideService(Console.Console, capture),
    Effect.provideService(Logger.LogToStderr, true),
    Effect.provideService(Engine, engine),
    Effect.provide(Stdio.layerTest({ stdout: into("stdout"), stderr: into("stderr") })),
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
