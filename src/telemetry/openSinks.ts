import { Effect } from "effect"
import type { MetricsSink, OpenSink } from "./MetricsSink.ts"

/** Several sinks as one: each row goes to all of them, in their order. */
export const openSinks =
  (sinks: ReadonlyArray<OpenSink>): OpenSink =>
  (folder) =>
    Effect.map(
      Effect.forEach(sinks, (open) => open(folder)),
      (opened): MetricsSink => ({
        begin: (start) => Effect.forEach(opened, (sink) => sink.begin(start), { discard: true }),
        write: (metrics) => Effect.forEach(opened, (sink) => sink.write(metrics), { discard: true })
      })
    )
