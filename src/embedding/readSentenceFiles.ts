import { Effect, FileSystem, Path, Result, Schema } from "effect"
import type { Pooling } from "./bertGraph.ts"
import { ConfigInvalid, FeatureUnsupported } from "./errors.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))
const loose = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  Schema.fromJsonString(Schema.StructWithRest(Schema.Struct(fields), [Schema.Record(Schema.String, Schema.Unknown)]))

const Sentence = loose({ max_seq_length: Schema.optionalKey(Schema.NullOr(Count)) })
const Truncation = loose({ truncation: Schema.optionalKey(Schema.NullOr(Schema.Struct({ max_length: Count }))) })
const Modes = loose({})

const names = {
  sentence: "sentence_bert_config.json",
  tokenizer: "tokenizer.json",
  pooling: "1_Pooling/config.json"
} as const

const poolingOf = (text: string): Result.Result<Pooling, ConfigInvalid | FeatureUnsupported> =>
  Result.flatMap(decode(Modes, names.pooling, text), (found) => {
    const on = Object.entries(found).flatMap(([key, value]) =>
      key.startsWith("pooling_mode_") && value === true ? [key] : []
    )
    if (on.join() === "pooling_mode_mean_tokens") return Result.succeed("mean")
    if (on.join() === "pooling_mode_cls_token") return Result.succeed("cls")
    const wanted = "pooling_mode_mean_tokens or pooling_mode_cls_token alone"
    const shown = on.length === 0 ? "nothing" : on.join(" and ")
    return Result.fail(new FeatureUnsupported({ file: names.pooling, key: "pooling_mode", found: shown, wanted }))
  })

const decode = <A>(schema: Schema.Codec<A, unknown>, file: string, text: string): Result.Result<A, ConfigInvalid> =>
  Result.mapError(
    Schema.decodeUnknownResult(schema)(text),
    (error) => new ConfigInvalid({ file, issues: error.message.replaceAll("\n", " ") })
  )

/**
 * What the files of sentence-transformers say beside the model: how tokens are pooled, and the longest text.
 *
 * Without them, the mean is taken, and the longest text is what "tokenizer.json" truncates to, if it says so.
 *
 * Units    maxTokens in tokens, those that frame the text included.
 * Fails    ConfigInvalid, FeatureUnsupported.
 */
export const readSentenceFiles = Effect.fnUntraced(function* (folder: string, tokenizerJson: string) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const read = (file: string) => Effect.orElseSucceed(fs.readFileString(join(folder, file)), () => "{}")
  const modes = yield* read(names.pooling)
  const pooling = modes === "{}" ? "mean" : yield* Effect.fromResult(poolingOf(modes))
  const sentence = yield* Effect.fromResult(decode(Sentence, names.sentence, yield* read(names.sentence)))
  const { truncation } = yield* Effect.fromResult(decode(Truncation, names.tokenizer, tokenizerJson))
  return { pooling, maxTokens: sentence.max_seq_length ?? truncation?.max_length }
})
