import { Schema } from "effect"
import type { Message } from "../../../../schemas/mod.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Turn = Schema.Struct({ input: Schema.String, output: Schema.String })

const Row = Schema.Struct({ conversation: Schema.NonEmptyArray(Turn) })

const messagesOf = ({ conversation }: typeof Row.Type): ReadonlyArray<Message> =>
  conversation
    .flatMap(({ input, output }): ReadonlyArray<Message> => [
      { role: "user", content: input },
      { role: "assistant", content: output }
    ])
    .slice(0, -1)

/**
 * Dialogues of Capybara up to the last thing the user says.
 *
 * Source   Layout: `conversation` of input and output, as the card of argilla/distilabel-capybara-dpo-7k-binarized keeps it.
 */
export const capybaraPrompts: SourceOf<"prompts"> = {
  title: "Capybara (prompts)",
  kind: "prompts",
  place: { hub: "LDJnr/Capybara", split: "train" },
  licence: { name: "not found", from: "nobody" },
  citation: "Daniele and Suphavadeeprasit, 2023",
  filters: [{ emptyTurns: {} }, { exactDuplicates: { by: "prompt" } }],
  read: reader(Row, (row, promptId) => all({ promptId, messages: messagesOf(row) }))
}
