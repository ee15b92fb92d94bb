import { Schema } from "effect"

const loose = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  Schema.StructWithRest(Schema.Struct(fields), [Schema.Record(Schema.String, Schema.Unknown)])
const optional = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** One step of a normalizer, a pre-tokenizer or a post-processor: a kind and its parameters. */
const Part = loose({ type: Schema.String })
export type Part = typeof Part.Type

/** What of a `tokenizer.json` decides over ids. */
export const TokenizerJson = loose({
  model: loose({
    type: optional(Schema.String),
    vocab: Schema.Unknown,
    merges: optional(Schema.Array(Schema.Union([Schema.String, Schema.Array(Schema.String)]))),
    unk_token: optional(Schema.String),
    byte_fallback: optional(Schema.Boolean),
    ignore_merges: optional(Schema.Boolean),
    continuing_subword_prefix: optional(Schema.String),
    end_of_word_suffix: optional(Schema.String)
  }),
  normalizer: optional(Part),
  pre_tokenizer: optional(Part),
  post_processor: optional(Part),
  added_tokens: optional(Schema.Array(loose({ id: Schema.Int, content: Schema.String, special: Schema.Boolean })))
})
export type TokenizerJson = typeof TokenizerJson.Type

/** The vocabulary of a model that lists its tokens with their ids. */
export const Vocab = Schema.Record(Schema.String, Schema.Int)

const sequences = { Sequence: ["normalizers", "pretokenizers", "processors"] } as const

/** The steps of a part, those of a sequence one by one. */
export const stepsOf = (part: Part | null | undefined): ReadonlyArray<Part> => {
  if (!part) return []
  if (part.type !== "Sequence") return [part]
  const key = sequences.Sequence.find((name) => Array.isArray(part[name]))
  return key ? (part[key] as ReadonlyArray<Part>).flatMap(stepsOf) : [] // as: every step of a tokenizer.json has a type
}
