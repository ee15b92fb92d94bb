import { Schema, Struct } from "effect"
import { Comparison, type Demonstration, type Judged, Message, Prompt } from "../../../schemas/mod.ts"
import type { RecordSchema } from "../../arrow/mod.ts"

/** A record of any kind that says which data set it is of. */
interface Labelled {
  readonly dataset?: string
}

/** The records that can be written for other programs. */
export interface ExportKinds {
  readonly preferences: Comparison
  readonly demonstrations: Demonstration & Labelled
  readonly prompts: Prompt & Labelled
  readonly judged: Judged & Labelled
}

/** How a record becomes a row, which tags its card gets, and which trainer of TRL takes it. */
export interface ExportShape<A> {
  readonly schema: RecordSchema<object>
  readonly toRow: (record: A) => object
  /** The columns of our records that the row has no other place for. */
  readonly kept: { readonly schema: RecordSchema<object>; readonly pick: (record: A) => object }
  readonly tags: ReadonlyArray<string>
  readonly trainer: string
}

const Messages = Schema.Array(Message)
const said = (content: string): ReadonlyArray<Message> => [{ role: "assistant", content }]
const idOf = { promptId: Prompt.fields.promptId }
const keptOf = { ...idOf, dataset: Comparison.fields.dataset }

const pickKept = ({ dataset: label, promptId }: Prompt & Labelled) => ({
  promptId,
  ...(label === undefined ? {} : { dataset: label })
})

const preferenceRow = {
  prompt: Messages,
  chosen: Messages,
  rejected: Messages,
  score_chosen: Schema.optionalKey(Schema.Finite),
  score_rejected: Schema.optionalKey(Schema.Finite)
}

const scores = ({ chosenScore, rejectedScore }: Comparison) => ({
  ...(chosenScore === undefined ? {} : { score_chosen: chosenScore }),
  ...(rejectedScore === undefined ? {} : { score_rejected: rejectedScore })
})

const { annotator, contradicted, dataset, fromReference, margin, source } = Comparison.fields

const preferences: ExportShape<Comparison> = {
  schema: Schema.Struct(preferenceRow),
  toRow: (row) => ({
    prompt: row.messages,
    chosen: said(row.chosen),
    rejected: said(row.rejected),
    ...scores(row)
  }),
  kept: {
    schema: Schema.Struct({
      ...preferenceRow,
      ...idOf,
      margin,
      fromReference,
      dataset,
      source,
      annotator,
      contradicted
    }),
    pick: Struct.omit(["chosen", "chosenScore", "messages", "rejected", "rejectedScore"])
  },
  tags: ["preference", "rlhf", "dpo", "trl"],
  trainer: "DPOTrainer"
}

const demonstrations: ExportShape<ExportKinds["demonstrations"]> = {
  schema: Schema.Struct({ messages: Messages }),
  toRow: ({ messages, response }) => ({ messages: [...messages, ...said(response)] }),
  kept: {
    schema: Schema.Struct({ messages: Messages, ...keptOf }),
    pick: pickKept
  },
  tags: ["sft", "trl"],
  trainer: "SFTTrainer"
}

const prompts: ExportShape<ExportKinds["prompts"]> = {
  schema: Schema.Struct({ prompt: Messages }),
  toRow: ({ messages }) => ({ prompt: messages }),
  kept: {
    schema: Schema.Struct({ prompt: Messages, ...keptOf }),
    pick: pickKept
  },
  tags: ["prompts", "rlhf", "trl"],
  trainer: "GRPOTrainer"
}

const judgedRow = { prompt: Messages, completion: Messages, label: Schema.Boolean }

const judged: ExportShape<ExportKinds["judged"]> = {
  schema: Schema.Struct(judgedRow),
  toRow: ({ desirable, messages, response }) => ({ prompt: messages, completion: said(response), label: desirable }),
  kept: {
    schema: Schema.Struct({ ...judgedRow, ...keptOf }),
    pick: pickKept
  },
  tags: ["kto", "rlhf", "trl"],
  trainer: "KTOTrainer"
}

/**
 * How each kind of record is written for other programs.
 *
 * Source   TRL's data set types: conversational preference with an explicit prompt, language modeling, prompt only,
 *          unpaired preference.
 */
export const exportShapes = { preferences, demonstrations, prompts, judged } satisfies {
  readonly [K in keyof ExportKinds]: ExportShape<ExportKinds[K]>
}

/** The table as a function of the kind, so that a record meets its own shape. */
const shapeOf = <K extends keyof ExportKinds>(kind: K): ExportShape<ExportKinds[K]> => {
  const table: { readonly [P in keyof ExportKinds]: ExportShape<ExportKinds[P]> } = exportShapes
  return table[kind]
}

/** The shape with the columns that are wanted. */
export const shapeFor = <K extends keyof ExportKinds>(kind: K, columns: "trl" | "all") => {
  const shape = shapeOf(kind)
  if (columns === "trl") return shape
  const toRow = (record: ExportKinds[K]) => ({ ...shape.toRow(record), ...shape.kept.pick(record) })
  return { ...shape, schema: shape.kept.schema, toRow }
}
