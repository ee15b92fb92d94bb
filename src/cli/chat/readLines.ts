import { createInterface } from "node:readline"
import { Effect, Stdio, Stream } from "effect"

/** The lines of a terminal, one asked for at a time: between them keys are read by nobody, and Ctrl-C is a signal. */
const askTerminal = (prompt: string) => {
  let history: Array<string> = []
  return Effect.callback<string | undefined>((resume) => {
    const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: true, history })
    reader.on("history", (lines) => {
      history = lines
    })
    const end = (line: Effect.Effect<string | undefined>) => {
      resume(line)
      reader.close()
    }
    reader.on("SIGINT", () => end(Effect.interrupt))
    reader.on("close", () => resume(Effect.undefined))
    reader.question(prompt, (line) => end(Effect.succeed(line)))
    return Effect.sync(() => reader.close())
  })
}

/** The lines of a file or of another program. */
const openPiped = Effect.fnUntraced(function* () {
  const { stdin } = yield* Stdio.Stdio
  const pull = yield* Stream.toPull(stdin.pipe(Stream.decodeText, Stream.splitLines, Stream.rechunk(1)))
  return Effect.orElseSucceed(
    Effect.map(pull, ([line]) => line),
    () => undefined // the end of the input is a failure of the pull
  )
})

/** What somebody writes, line by line: after a prompt in a terminal, else as it comes; undefined after the last line. */
export const readLines = Effect.fnUntraced(function* (prompt: string) {
  const isTerminal = yield* (yield* Stdio.Stdio).stdinIsTerminal
  return isTerminal ? askTerminal(prompt) : yield* openPiped()
})
