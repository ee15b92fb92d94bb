import { Tokenizer as Reference } from "@huggingface/tokenizers"
import { Result, Schema } from "effect"
import { TextError, TokenizerInvalid } from "./errors.ts"
import { endOfTurn } from "./endOfTurn.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** The files of a model folder that a tokenizer is read from, by name. */
export interface TokenizerFiles {
  readonly "tokenizer.json": string
  readonly "tokenizer_config.json"?: string
  readonly "special_tokens_map.json"?: string
  readonly "generation_config.json"?: string
  readonly "chat_template.jinja"?: string
  readonly "config.json"?: string
}

const SpecialToken = Schema.Union([Schema.String, Schema.Struct({ content: Schema.String })])
const loose = <Fields extends Schema.Struct.Fields>(fields: Fields) =>
  Schema.StructWithRest(Schema.Struct(fields), [Schema.Record(Schema.String, Schema.Unknown)])

const TokenizerJson = loose({
  model: loose({}),
  added_tokens: Schema.optionalKey(Schema.NullOr(Schema.Array(loose({ id: Schema.Int, content: Schema.String }))))
})

const NamedTemplate = Schema.Struct({ name: Schema.String, template: Schema.String })
const TokenizerConfig = loose({
  bos_token: Schema.optionalKey(Schema.NullOr(SpecialToken)),
  eos_token: Schema.optionalKey(Schema.NullOr(SpecialToken)),
  pad_token: Schema.optionalKey(Schema.NullOr(SpecialToken)),
  unk_token: Schema.optionalKey(Schema.NullOr(SpecialToken)),
  chat_template: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Array(NamedTemplate)])))
})

const EndIds = loose({
  eos_token_id: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Int, Schema.Array(Schema.Int)])))
})

const fail = (file: string, detail: string) =>
  Result.fail(new TextError({ reason: new TokenizerInvalid({ file, detail }) }))

const decode = <A>(schema: Schema.Codec<A, unknown>, file: string, text: string): Result.Result<A, TextError> => {
  const found = Schema.decodeUnknownResult(Schema.fromJsonString(schema))(text)
  return Result.isSuccess(found)
    ? Result.succeed(found.success)
    : fail(file, found.failure.message.split("\n")[0] ?? "not JSON")
}

const nameOf = (token: typeof SpecialToken.Type | null | undefined): string | undefined =>
  typeof token === "string" ? token : token?.content

const templateOf = (files: TokenizerFiles, config: typeof TokenizerConfig.Type): string | undefined => {
  const found = files["chat_template.jinja"] ?? config.chat_template ?? undefined
  return typeof found === "string" || found === undefined
    ? found
    : (found.find(({ name }) => name === "default") ?? found[0])?.template
}

const open = (json: unknown, config: unknown): Result.Result<Reference, TextError> => {
  try {
    return Result.succeed(new Reference(json as object, config as object)) // as: both have been decoded as objects
  } catch (cause) {
    return fail("tokenizer.json", cause instanceof Error ? cause.message : String(cause))
  }
}

/** The end ids, and the token that the chat template ends a turn with where no file names it. */
const withTurnEnd = (tokenizer: Tokenizer): ReadonlyArray<number> => {
  const end = endOfTurn(tokenizer)
  return [...new Set([...tokenizer.eosIds, ...(end === undefined ? [] : [end])])]
}

/**
 * The tokenizer that the files of a model folder describe.
 *
 * Source   Ids as the `tokenizers` library gives them; templates and special tokens as transformers reads them.
 * Fails    TextError with TokenizerInvalid.
 */
export const makeTokenizer = (files: TokenizerFiles): Result.Result<Tokenizer, TextError> =>
  Result.gen(function* () {
    const json = yield* decode(TokenizerJson, "tokenizer.json", files["tokenizer.json"])
    const config = yield* decode(TokenizerConfig, "tokenizer_config.json", files["tokenizer_config.json"] ?? "{}")
    const reference = yield* open(json, config)
    const idOf = (token: string | undefined) => (token === undefined ? undefined : reference.token_to_id(token))
    const names = {
      bos_token: config.bos_token,
      eos_token: config.eos_token,
      pad_token: config.pad_token,
      unk_token: config.unk_token
    }
    const specialTokens = Object.fromEntries(
      Object.entries(names).flatMap(([name, token]) => {
        const found = nameOf(token)
        return found === undefined ? [] : [[name, found] as const]
      })
    )
    const declared = yield* Result.all(
      (["generation_config.json", "config.json"] as const).map((file) => decode(EndIds, file, files[file] ?? "{}"))
    )
    const endIds = [idOf(specialTokens["eos_token"]), ...declared.flatMap(({ eos_token_id }) => eos_token_id ?? [])]
    const { "config.json": _, ...kept } = files
    const special = new Set(
      [...reference.get_added_tokens_decoder().values()].flatMap(({ id, special: is }) => (is ? [id] : []))
    )
    const tokenizer: Tokenizer = {
      encode: (text) => Int32Array.from(reference.encode(text, { add_special_tokens: false }).ids),
      decode: (ids, options) =>
        ids.length === 0
          ? "" // the library refuses an empty list
          : reference.decode(Array.from(ids), {
              skip_special_tokens: options.skipSpecialTokens,
              clean_up_tokenization_spaces: false
            }),
      tokenOf: (id) => reference.id_to_token(id) ?? `<${id}>`,
      vocabularySize: reference.get_vocab(true).size,
      bosId: idOf(specialTokens["bos_token"]),
      padId: idOf(specialTokens["pad_token"]),
      eosIds: [...new Set(endIds.filter((id) => id !== undefined))],
      isSpecial: (id) => special.has(id),
      specialTokens,
      chatTemplate: templateOf(files, config),
      files: kept
    }
    return { ...tokenizer, eosIds: withTurnEnd(tokenizer) }
  })
