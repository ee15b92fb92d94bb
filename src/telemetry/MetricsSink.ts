import type { Effect, FileSystem, Path, Scope } from "effect"
import type { Metrics } from "../../schemas/mod.ts"
import type { TelemetryError } from "./errors.ts"

/** Where a phase goes on: the steps up to `after` stand, those of an earlier attempt beyond it are forgotten. */
export interface PhaseStart {
  readonly phase: string
  readonly after: number
}

/**
 * What receives the measures of every optimizer step.
 *
 * Domain   `begin` comes before the first `write` of a phase in a process.
 */
export interface MetricsSink {
  readonly begin: (start: PhaseStart) => Effect.Effect<void, TelemetryError>
  readonly write: (metrics: Metrics) => Effect.Effect<void, TelemetryError>
}

/** Opens a sink for the run in a folder; it lives as long as the scope. */
export type OpenSink = (
  folder: string
) => Effect.Effect<MetricsSink, TelemetryError, FileSystem.FileSystem | Path.Path | Scope.Scope>
