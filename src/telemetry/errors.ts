import { Schema } from "effect"

const told = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, " ")

export class FileFailed extends Schema.TaggedError<FileFailed>()("FileFailed", {
  path: Schema.String,
  cause: Schema.Defect()
}) {
  override get message() {
    return `Cannot write metrics to "${this.path}": ${told(this.cause)}`
  }
}

export class SettingsInvalid extends Schema.TaggedError<SettingsInvalid>()("SettingsInvalid", {
  cause: Schema.Defect()
}) {
  override get message() {
    return `Cannot send metrics as the OTEL_* variables say: ${told(this.cause)}`
  }
}

/** Why measures were not recorded. */
export class TelemetryError extends Schema.TaggedError<TelemetryError>()("TelemetryError", {
  reason: Schema.Union([FileFailed, SettingsInvalid])
}) {
  override get message() {
    return this.reason.message
  }
}

/** Turns any failure to write a file into an error of this room. */
export const fileProblem =
  (path: string) =>
  (cause: unknown): TelemetryError =>
    new TelemetryError({ reason: new FileFailed({ path, cause }) })
