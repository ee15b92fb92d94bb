import { Effect, Layer, Ref, Stdio, Stream, Terminal } from "effect"
import { Progress } from "../../pipeline/mod.ts"
import { makeProgress } from "./makeProgress.ts"
import { barLine, endedLine } from "./View.ts"

/** Moves to the start of the line and clears it. */
const clear = "\r\u001b[K"

/** One line at the bottom of a terminal, painted again eight times a second; what is said goes above it. Writes to stderr. */
export const bars = Layer.effect(
  Progress,
  Effect.gen(function* () {
    const { stderr } = yield* Stdio.Stdio
    const terminal = yield* Terminal.Terminal
    const painted = yield* Ref.make("")
    const write = (text: string) => Stream.make(text).pipe(Stream.run(stderr({ endOnDone: false })), Effect.ignore)
    const paint = (line: string) => Effect.andThen(Ref.set(painted, line), write(`${clear}${line}`))
    const say = Effect.fnUntraced(function* (line: string) {
      yield* write(`${clear}${line}\n${yield* Ref.get(painted)}`)
    })
    return makeProgress({
      begin: ({ name }) => paint(name),
      tick: (view) => Effect.flatMap(terminal.columns, (columns) => paint(barLine(view, columns))),
      end: (view) => Effect.andThen(Ref.set(painted, ""), write(`${clear}${endedLine(view)}\n`)),
      note: say,
      warn: (line) => say(`Warning: ${line}`),
      every: "125 millis"
    })
  })
)
