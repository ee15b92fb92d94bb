import type { Preference, Scored } from "../../schemas/mod.ts"
import type { Choice } from "./Pairing.ts"

/** Which of the two responses of a pair the reference policy gave, if it gave one of them. */
export const fromReference = (
  { drawnFrom = [] }: Scored,
  { chosen, rejected }: Choice
): Pick<Preference, "fromReference"> => {
  const [better, worse] = [drawnFrom[chosen], drawnFrom[rejected]]
  if (better === undefined || worse === undefined || better === worse) return {}
  return { fromReference: better === "reference" ? "chosen" : "rejected" }
}
