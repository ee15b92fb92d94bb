import { Result } from "effect"
import { TokenizerUnsupported } from "../../errors.ts"
import { type Part, stepsOf, type TokenizerJson } from "./TokenizerJson.ts"
import type { Vocabulary } from "./Vocabulary.ts"

/** What stands for a space. */
const space = "▁"

/** Whether this is byte-pair encoding over letters, with tokens for bytes beside them. */
export const isSentencePiece = ({ model }: TokenizerJson): boolean =>
  model.type === "BPE" && model.byte_fallback === true

/** Whether a step writes a mark for each space, and one before the text. */
const marks: Readonly<Record<string, (step: Part) => boolean>> = {
  Prepend: ({ prepend }) => prepend === space,
  Replace: ({ content }) => content === space,
  Metaspace: ({ replacement, split }) => replacement === space && split === false,
  Split: ({ pattern }) => JSON.stringify(pattern) === '{"String":" "}' // no space is left where it looks
}

/**
 * SentencePiece's byte-pair encoding, as Llama 2, Mistral, Gemma and Phi-3 have it; what is merged first has the greater score.
 *
 * Domain   Every pair that makes a token is among the merges, as where they were made from scores.
 * Fails    TokenizerUnsupported.
 */
export const sentencePiece = (json: TokenizerJson): Result.Result<Vocabulary, TokenizerUnsupported> => {
  const steps = [...stepsOf(json.normalizer), ...stepsOf(json.pre_tokenizer)]
  const strange = steps.find((step) => marks[step.type]?.(step) !== true)
  if (strange) {
    const found = `the step ${JSON.stringify(strange)}`
    return Result.fail(new TokenizerUnsupported({ found, wanted: `steps that write "${space}" for spaces alone` }))
  }
  const ranks = new Map<string, number>()
  for (const [rank, pair] of (json.model.merges ?? []).entries()) {
    const token = (typeof pair === "string" ? pair.split(" ") : pair).join("")
    if (!ranks.has(token)) ranks.set(token, rank)
  }
  const last = json.model.merges?.length ?? 0
  return Result.succeed({
    model: "llama",
    pre: "default",
    spell: (token) => token,
    isByte: (token) => /^<0x[0-9A-F]{2}>$/.test(token),
    scoreOf: (token) => -(ranks.get(token) ?? last),
    addSpacePrefix: steps.some(
      ({ prepend_scheme, type }) => type === "Prepend" || (type === "Metaspace" && prepend_scheme !== "never")
    )
  })
}
