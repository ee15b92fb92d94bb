import { Effect, Layer, Stdio } from "effect"
import { bars } from "./bars.ts"
import { events } from "./events.ts"
import { lines } from "./lines.ts"

/** How a command shows its progress: JSON for programs, a bar on a terminal, else lines. */
export const progressLayer = ({ json }: { readonly json: boolean }) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { stderrIsTerminal } = yield* Stdio.Stdio
      return json ? events : (yield* stderrIsTerminal) ? bars : lines
    })
  )
