import type { Judgement } from "../../../schemas/mod.ts"
import { key, uniform } from "../../random/mod.ts"

/** Which response is shown above the other: as likely one way as the other, and the same whenever it is asked. */
export const shownOrder = (seed: number, annotator: string, pairId: string): Judgement["shown"] =>
  uniform(key(seed, "shown", annotator, pairId), 0) < 0.5 ? "firstSecond" : "secondFirst"

/** What an annotator says: the upper response, the lower one, or neither. */
export type Choice = "upper" | "lower" | "tie"

/** The verdict about the pair as it is written, of a choice between responses as they were shown. */
export const verdictOf = (choice: Choice, shown: Judgement["shown"]): Judgement["verdict"] => {
  if (choice === "tie") return "tie"
  return (choice === "upper") === (shown === "firstSecond") ? "first" : "second"
}
