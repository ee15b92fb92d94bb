import { Layer } from "effect"
import { Progress } from "../../pipeline/mod.ts"
import { printJson } from "../printJson.ts"
import { makeProgress } from "./makeProgress.ts"
import type { View } from "./View.ts"

const shown = ({ detail, done, phase, seconds }: View) => ({
  phase: phase.name,
  done,
  total: phase.total,
  unit: phase.unit,
  seconds,
  detail
})

/** One JSON object a line on stdout, for programs. */
export const events = Layer.succeed(
  Progress,
  makeProgress({
    begin: (phase) => printJson({ event: "begin", phase: phase.name, total: phase.total, unit: phase.unit }),
    tick: (view) => printJson({ event: "progress", ...shown(view) }),
    end: (view) => printJson({ event: "end", ...shown(view) }),
    note: (text) => printJson({ event: "note", text }),
    warn: (text) => printJson({ event: "warning", text }),
    every: "5 seconds"
  })
)
