/**
 * Where the measures of training go.
 *
 * ```ts
 * const sink = yield* openSinks([sinks.jsonLines, sinks.tensorBoard])("runs/quickstart")
 * yield* sink.begin({ phase: "iteration-1/policy", after: 0 })
 * yield* sink.write(metrics)
 * ```
 */
import { jsonLines } from "./jsonLines.ts"
import type { OpenSink } from "./MetricsSink.ts"
import { openTelemetry } from "./openTelemetry.ts"
import { tensorBoard } from "./tensorBoard.ts"

/** Every sink by its name. */
export const sinks = { jsonLines, tensorBoard, openTelemetry } satisfies Record<string, OpenSink>

export { TelemetryError } from "./errors.ts"
export type { MetricsSink, OpenSink, PhaseStart } from "./MetricsSink.ts"
export { openSinks } from "./openSinks.ts"
export { readMetrics } from "./readMetrics.ts"
