import { alternation } from "./alternation.ts"
import { characters } from "./characters.ts"
import { contradicted } from "./contradicted.ts"
import { decontaminate } from "./decontaminate.ts"
import { emptyTurns } from "./emptyTurns.ts"
import { exactDuplicates } from "./exactDuplicates.ts"
import { identical } from "./identical.ts"
import { language } from "./language.ts"
import { margin } from "./margin.ts"
import { nearDuplicates } from "./nearDuplicates.ts"
import { pairsPerPrompt } from "./pairsPerPrompt.ts"
import { pattern } from "./pattern.ts"
import { scoreRatio } from "./scoreRatio.ts"
import { ties } from "./ties.ts"
import { tokens } from "./tokens.ts"

/** Every filter by its name in a list of steps. */
export const rules = {
  alternation,
  characters,
  contradicted,
  decontaminate,
  emptyTurns,
  exactDuplicates,
  identical,
  language,
  margin,
  nearDuplicates,
  pairsPerPrompt,
  pattern,
  scoreRatio,
  ties,
  tokens
} as const

/** The name of a rule. */
export type RuleName = keyof typeof rules
