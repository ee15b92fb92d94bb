import { Result, Schema } from "effect"
import type { Tokenizer } from "../../../text/mod.ts"
import { TokenizerUnsupported } from "../../errors.ts"
import type { Metadata } from "../Metadata.ts"
import { byteLevel, isByteLevel } from "./byteLevel.ts"
import { isSentencePiece, sentencePiece } from "./sentencePiece.ts"
import { stepsOf, TokenizerJson, Vocab } from "./TokenizerJson.ts"
import { type TokenType, tokenTypes, type Vocabulary } from "./Vocabulary.ts"
import { isWordLevel, wordLevel } from "./wordLevel.ts"

const Json = Schema.fromJsonString(TokenizerJson)
const ConfigJson = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

const unfit = (found: string, wanted: string) => Result.fail(new TokenizerUnsupported({ found, wanted }))

const decode = <A>(schema: Schema.Codec<A, unknown>, value: unknown, wanted: string) =>
  Result.mapError(
    Schema.decodeUnknownResult(schema)(value),
    (error) => new TokenizerUnsupported({ found: error.message.split("\n")[0] ?? "", wanted })
  )

/** Tokens that are matched as a whole, by their text. */
const addedOf = ({ added_tokens }: TokenizerJson) =>
  new Map((added_tokens ?? []).map((token) => [token.content, token]))

const vocabularyOf = (
  json: TokenizerJson,
  isSpecial: (token: string) => boolean
): Result.Result<Vocabulary, TokenizerUnsupported> => {
  if (isByteLevel(json)) return byteLevel(json)
  if (isSentencePiece(json)) return sentencePiece(json)
  if (isWordLevel(json)) return wordLevel(json, isSpecial)
  return unfit(`a model of type "${json.model.type}"`, '"BPE" over bytes or with "byte_fallback", or "WordLevel"')
}

/** Whether the tokenizer itself puts the start token before a text. */
const addsBos = (tokenizer: Tokenizer, json: TokenizerJson, config: Readonly<Record<string, unknown>>): boolean => {
  const template = stepsOf(json.post_processor).find(({ type }) => type === "TemplateProcessing")
  if (!template) return config["add_bos_token"] === true
  const bos = tokenizer.specialTokens["bos_token"]
  return (
    bos !== undefined && JSON.stringify(template["single"]).startsWith(`[{"SpecialToken":{"id":${JSON.stringify(bos)}`)
  )
}

interface Token {
  readonly text: string
  readonly type: TokenType
  readonly score: number
}

/** Every token by its id; ids that the model has and the tokenizer has not are unused. */
const tokensOf = (
  json: TokenizerJson,
  vocab: Readonly<Record<string, number>>,
  vocabulary: Vocabulary,
  size: number
) => {
  const added = addedOf(json)
  const typeOf = (token: string): TokenType => {
    if (token === json.model.unk_token) return "unknown"
    if (vocabulary.isByte(token)) return "byte"
    const own = added.get(token)
    return own ? (own.special ? "control" : "userDefined") : "normal"
  }
  const ids = new Map([
    ...Object.entries(vocab),
    ...[...added.values()].map(({ content, id }) => [content, id] as const)
  ])
  const tokens = Array.from({ length: size }, (_, id): Token => ({ text: `[PAD${id}]`, type: "unused", score: 0 }))
  for (const [text, id] of ids) {
    if (id >= size) return unfit(`the token "${text}" with id ${id}`, `ids below "vocab_size", ${size}`)
    tokens[id] = { text: vocabulary.spell(text), type: typeOf(text), score: vocabulary.scoreOf?.(text) ?? 0 }
  }
  return Result.succeed(tokens)
}

const vocabularyKeys = (vocabulary: Vocabulary, tokens: ReadonlyArray<Token>): Metadata => {
  const { addSpacePrefix, merges, model, pre, scoreOf } = vocabulary
  return {
    model: { string: model },
    pre: { string: pre },
    tokens: { strings: tokens.map(({ text }) => text) },
    token_type: { int32s: tokens.map(({ type }) => tokenTypes[type]) },
    ...(scoreOf ? { scores: { float32s: tokens.map(({ score }) => score) } } : {}),
    ...(merges ? { merges: { strings: merges } } : {}),
    add_space_prefix: { bool: addSpacePrefix }
  }
}

const specialIds = (tokenizer: Tokenizer, idOf: (token: string | undefined) => number | undefined): Metadata => {
  const [eos, turnEnd] = tokenizer.eosIds
  const bos = tokenizer.bosId ?? eos
  const ids = {
    bos_token_id: bos,
    eos_token_id: eos,
    eot_token_id: turnEnd,
    unknown_token_id: idOf(tokenizer.specialTokens["unk_token"]),
    padding_token_id: tokenizer.padId
  }
  return Object.fromEntries(
    Object.entries(ids).flatMap(([name, id]) => (id === undefined ? [] : [[name, { uint32: id }] as const]))
  )
}

/**
 * A tokenizer and its chat template as the metadata of a GGUF file.
 *
 * Source   The keys "tokenizer.ggml.…" and "tokenizer.chat_template" of the GGUF specification.
 * Fails    TokenizerUnsupported.
 */
export const describeTokenizer = (
  tokenizer: Tokenizer,
  vocabSize: number
): Result.Result<Metadata, TokenizerUnsupported> =>
  Result.gen(function* () {
    const json = yield* decode(Json, tokenizer.files["tokenizer.json"], "a tokenizer of the tokenizers library")
    const config = yield* decode(ConfigJson, tokenizer.files["tokenizer_config.json"] ?? "{}", "a JSON object")
    const added = addedOf(json)
    const vocabulary = yield* vocabularyOf(json, (token) => added.has(token))
    const vocab = yield* decode(Vocab, json.model.vocab, "tokens with their ids")
    const tokens = yield* tokensOf(json, vocab, vocabulary, vocabSize)
    const idOf = (token: string | undefined) =>
      token === undefined ? undefined : (added.get(token)?.id ?? vocab[token])
    const own: Metadata = {
      ...vocabularyKeys(vocabulary, tokens),
      ...specialIds(tokenizer, idOf),
      add_bos_token: { bool: addsBos(tokenizer, json, config) },
      add_eos_token: { bool: false },
      ...vocabulary.own
    }
    const prefixed = Object.entries(own).map(([key, value]) => [`tokenizer.ggml.${key}`, value] as const)
    const { chatTemplate } = tokenizer
    return {
      ...Object.fromEntries(prefixed),
      ...(chatTemplate === undefined ? {} : { "tokenizer.chat_template": { string: chatTemplate } })
    }
  })
