import { Schema } from "effect"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Row = Schema.Struct({
  id: Schema.NonEmptyString,
  system_prompt: Schema.String,
  question: Schema.NonEmptyString
})

/**
 * Questions of OpenOrca with their system messages.
 *
 * Source   Layout and licence: the card of Open-Orca/OpenOrca.
 */
export const openOrcaPrompts: SourceOf<"prompts"> = {
  title: "OpenOrca (prompts)",
  kind: "prompts",
  place: { hub: "Open-Orca/OpenOrca", split: "train" },
  licence: { name: "MIT", from: "card" },
  citation: "Lian et al., 2023",
  filters: [{ exactDuplicates: { by: "prompt" } }],
  read: reader(Row, ({ id, question, system_prompt }) =>
    all({
      promptId: id,
      messages: [
        ...(system_prompt === "" ? [] : [{ role: "system" as const, content: system_prompt }]),
        { role: "user" as const, content: question }
      ]
    })
  )
}
