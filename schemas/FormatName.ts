import { Schema } from "effect"

/** The shapes of rows that are known, by the name that a pipeline writes. */
export const FormatName = Schema.Literals([
  "records",
  "promptChosenRejected",
  "promptCompletionLabel",
  "selfInstruct",
  "text",
  "alpaca",
  "chatMl",
  "kto",
  "rlhflow",
  "rlhflowInstances",
  "shareGpt",
  "trlExplicit",
  "trlImplicit",
  "trlPrompt",
  "trlPromptCompletion",
  "trlText"
])
export type FormatName = typeof FormatName.Type
