import { Schema } from "effect"

/** A prompt on the plane. Domain: `source` and `topic` are places in the lists of the map. */
const Point = Schema.Struct({
  promptId: Schema.NonEmptyString,
  prompt: Schema.String,
  source: Schema.Natural,
  topic: Schema.Natural,
  x: Schema.Finite,
  y: Schema.Finite
})

/**
 * Prompts on a plane, similar ones near each other, with where each comes from and what it is about.
 *
 * Source   Fig. 5.
 * Units    `x` and `y` mean nothing but nearness; `truncated` and `repeated` in prompts.
 * Domain   `fitted` prompts made the layout, the others were put into it; `repeated` ones, with the text of an earlier one of
 *          their source, are left out; of `truncated` ones the encoder read the beginning.
 */
export const PromptMap = Schema.Struct({
  encoder: Schema.String,
  maxTokens: Schema.Natural,
  method: Schema.Literals(["umap", "principal components"]),
  seed: Schema.Natural,
  fitted: Schema.Natural,
  repeated: Schema.Natural,
  truncated: Schema.Natural,
  sources: Schema.Array(Schema.Struct({ name: Schema.String, prompts: Schema.Natural })),
  topics: Schema.Array(
    Schema.Struct({ name: Schema.String, keywords: Schema.Array(Schema.String), prompts: Schema.Natural })
  ),
  points: Schema.Array(Point)
})
export type PromptMap = typeof PromptMap.Type
