/** By which keys the rows of a shape are known: those that each row has, and those that none has; and who speaks last in `messages`. */
export interface Signature {
  readonly has: ReadonlyArray<string>
  readonly lacks?: ReadonlyArray<string>
  readonly last?: "assistant" | "other"
}

const conversations = ["conversations", "messages"]
const notChatMl = ["label", "chosen", "rejected", "conversation_id"]
const answers = ["completion", "chosen", "rejected", "response", "responses"]

/**
 * The signatures of shapes that are objects, by the name of their format; a format with several kinds of row has several.
 *
 * Domain   No two signatures fit one row of the sources they are named after.
 */
export const signatures: Readonly<Record<string, ReadonlyArray<Signature>>> = {
  records: [
    { has: ["promptId", "messages", "chosen"] },
    { has: ["promptId", "messages", "response"] },
    { has: ["promptId", "messages"], last: "other" }
  ],
  promptChosenRejected: [
    { has: ["prompt", "chosen", "rejected", "metadata"] },
    { has: ["prompt", "chosen", "rejected", "fromReference"], lacks: ["metadata"] }
  ],
  promptCompletionLabel: [{ has: ["prompt", "completion", "label"] }],
  selfInstruct: [{ has: ["instruction", "instances"] }],
  alpaca: [
    { has: ["instruction", "output"], lacks: ["instances"] },
    { has: ["instruction", "chosen", "rejected"], lacks: ["instances", "output"] }
  ],
  chatMl: [
    { has: ["messages"], lacks: ["promptId", ...notChatMl] },
    { has: ["messages", "promptId"], lacks: ["response", ...notChatMl], last: "assistant" }
  ],
  kto: [{ has: ["messages", "label"], lacks: ["promptId"] }],
  rlhflow: [{ has: ["chosen", "rejected", "chosen_score", "rejected_score"], lacks: ["prompt", ...conversations] }],
  rlhflowInstances: [
    { has: ["input", "output"], lacks: ["instruction", "prompt"] },
    { has: ["messages", "conversation_id"] },
    { has: ["chosen", "rejected"], lacks: ["prompt", "chosen_score", "instruction", ...conversations] }
  ],
  shareGpt: [{ has: ["conversations"] }],
  trlExplicit: [
    { has: ["prompt", "chosen", "rejected"], lacks: ["metadata", "fromReference", "instruction", ...conversations] },
    { has: ["prompt", "chosen", "rejected", "promptId"], lacks: ["metadata", "instruction", ...conversations] }
  ],
  trlImplicit: [{ has: ["chosen", "rejected"], lacks: ["prompt", "chosen_score", "instruction", ...conversations] }],
  trlPrompt: [{ has: ["prompt"], lacks: [...answers, ...conversations] }],
  trlPromptCompletion: [{ has: ["prompt", "completion"], lacks: ["label"] }],
  trlText: [{ has: ["text"], lacks: ["prompt", "instruction", ...answers, ...conversations] }]
}
