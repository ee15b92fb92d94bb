import { Schema } from "effect"

/** The file `run.json` of a run folder: what runs there and how far it came. */
export const RunState = Schema.Struct({
  name: Schema.String,
  seed: Schema.Int,
  state: Schema.Literals(["running", "complete", "failed", "interrupted"]),
  versions: Schema.Record(Schema.String, Schema.String),
  pipelineFile: Schema.String,
  pipeline: Schema.Unknown,
  /** Seconds each artefact took when it was made, by its path in the folder. */
  artefacts: Schema.Record(Schema.String, Schema.Struct({ hash: Schema.String, seconds: Schema.Finite }))
})
export type RunState = typeof RunState.Type
