import { Result } from "effect"
import { TokenizerUnsupported } from "../../errors.ts"
import { type Part, stepsOf, type TokenizerJson } from "./TokenizerJson.ts"
import type { Vocabulary } from "./Vocabulary.ts"

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
const rest = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
const words = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"

/** One way to split a text into words, known by how tokenizer.json writes it. */
interface Splitting {
  /** The regular expressions of its "Split" steps, in order. */
  readonly patterns: ReadonlyArray<string>
  readonly digits: boolean
  /** Whether "ByteLevel" splits too, by GPT-2's expression. */
  readonly byteLevelSplits: boolean
  /** Whether a word that is a token is taken without merging. */
  readonly ignoreMerges: boolean
}

const plain: Splitting = { patterns: [], digits: false, byteLevelSplits: true, ignoreMerges: false }
const llama3: Splitting = {
  ...plain,
  patterns: [`${contractions}|${words}|\\p{N}{1,3}|${rest}`],
  byteLevelSplits: false
}

/** The ways to split a text that llama.cpp knows by these names. */
const splittings: Readonly<Record<string, Splitting>> = {
  "gpt-2": plain,
  smollm: { ...plain, digits: true },
  qwen2: { ...llama3, patterns: [`${contractions}|${words}|\\p{N}|${rest}`] },
  "llama-bpe": { ...llama3, ignoreMerges: true },
  "smaug-bpe": llama3
}

const patternOf = ({ pattern }: Part): string => {
  const found = pattern as { readonly Regex?: string; readonly String?: string } | undefined // as: any JSON; what is no expression matches none
  return found?.Regex ?? JSON.stringify(found)
}

const splittingOf = ({ model, pre_tokenizer }: TokenizerJson): Splitting => {
  const steps = stepsOf(pre_tokenizer)
  const last = steps.at(-1)
  return {
    patterns: steps.filter(({ type }) => type === "Split").map(patternOf),
    digits: steps.some(({ individual_digits, type }) => type === "Digits" && individual_digits === true),
    byteLevelSplits: (last?.["use_regex"] ?? true) === true,
    ignoreMerges: model.ignore_merges === true
  }
}

const isSame = (a: Splitting, b: Splitting): boolean => JSON.stringify(a) === JSON.stringify(b)

const fail = (found: string, wanted: string) => Result.fail(new TokenizerUnsupported({ found, wanted }))

const known = new Set(["Split", "Digits", "ByteLevel"])

/** Whether this is byte-pair encoding over bytes that are written as letters. */
export const isByteLevel = (json: TokenizerJson): boolean =>
  json.model.type === "BPE" && stepsOf(json.pre_tokenizer).at(-1)?.type === "ByteLevel"

/**
 * Byte-level byte-pair encoding, as GPT-2, Llama 3 and Qwen have it.
 *
 * Fails    TokenizerUnsupported.
 */
export const byteLevel = (json: TokenizerJson): Result.Result<Vocabulary, TokenizerUnsupported> => {
  const { continuing_subword_prefix, end_of_word_suffix, merges } = json.model
  const steps = stepsOf(json.pre_tokenizer)
  const strange = steps.find(({ type }) => !known.has(type))
  if (strange) return fail(`the pre-tokenizer "${strange.type}"`, [...known].map((type) => `"${type}"`).join(", "))
  if (steps.at(-1)?.["add_prefix_space"] === true) return fail('"add_prefix_space" true', "false")
  if (continuing_subword_prefix || end_of_word_suffix) return fail("marks inside of words", "none")
  const normalizers = stepsOf(json.normalizer).filter(({ type }) => type !== "NFC")
  if (normalizers.length > 0) return fail(`the normalizer "${normalizers[0]?.type}"`, '"NFC", or none')
  const splitting = splittingOf(json)
  const pre = Object.keys(splittings).find((name) => isSame(splittings[name] ?? plain, splitting))
  if (pre === undefined)
    return fail(
      `a pre-tokenizer that llama.cpp has no name for (${JSON.stringify(splitting)})`,
      `that of ${Object.keys(splittings)
        .map((name) => `"${name}"`)
        .join(", ")}`
    )
  return Result.succeed({
    model: "gpt2",
    pre,
    spell: (token) => token,
    isByte: () => false,
    merges: (merges ?? []).map((pair) => (typeof pair === "string" ? pair : pair.join(" "))),
    addSpacePrefix: false
  })
}
