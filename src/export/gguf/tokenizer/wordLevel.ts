import { Result } from "effect"
import { TokenizerUnsupported } from "../../errors.ts"
import { stepsOf, type TokenizerJson } from "./TokenizerJson.ts"
import type { Vocabulary } from "./Vocabulary.ts"

const fail = (found: string, wanted: string) => Result.fail(new TokenizerUnsupported({ found, wanted }))

/** Whether whole words are looked up. */
export const isWordLevel = ({ model }: TokenizerJson): boolean => model.type === "WordLevel"

/**
 * A lookup of whole words as the WordPiece of BERT, in which no word goes on: the longest match is the word, or unknown.
 *
 * Domain   Words of lowercase letters, which WordPiece neither changes nor splits; a mark such as "." it reads as a word of
 *          its own, so that "sea." is two unknown words in place of one.
 * Fails    TokenizerUnsupported.
 */
export const wordLevel = (
  json: TokenizerJson,
  isSpecial: (token: string) => boolean
): Result.Result<Vocabulary, TokenizerUnsupported> => {
  const steps = [...stepsOf(json.normalizer), ...stepsOf(json.pre_tokenizer)]
  if (steps.length !== 1 || steps[0]?.type !== "WhitespaceSplit")
    return fail(`words split by ${JSON.stringify(steps.map(({ type }) => type))}`, '"WhitespaceSplit" alone')
  const words = Object.keys((json.model.vocab ?? {}) as Readonly<Record<string, number>>) // as: checked by vocabularyOf
  const odd = words.find((word) => !isSpecial(word) && !/^[a-z]+$/.test(word))
  if (odd !== undefined) return fail(`the word "${odd}"`, "words of the letters a to z")
  return Result.succeed({
    model: "bert",
    pre: "default",
    spell: (token) => (isSpecial(token) ? token : `▁${token}`),
    isByte: () => false,
    addSpacePrefix: false,
    own: {
      "normalizer.lowercase": { bool: false },
      "normalizer.strip_accents": { bool: false },
      add_sep_token: { bool: false }
    }
  })
}
