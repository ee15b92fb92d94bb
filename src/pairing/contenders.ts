import type { Scored } from "../../schemas/mod.ts"

/** Which responses of a prompt may make a pair: all of them, or the first of the policy and the first of the reference. */
export type Among = "all" | "policyAndReference"

/**
 * The positions of the responses that may make a pair.
 *
 * Source   XPO (Xie et al., 2024), Algorithm 1: one response of πₜ against one of π₀, neither chosen by its reward.
 * Domain   Fewer than two where a policy gave none.
 */
export const contenders = ({ drawnFrom = [], responses }: Scored, among: Among): ReadonlyArray<number> => {
  if (among === "all") return responses.map((_, position) => position)
  return [drawnFrom.indexOf("policy"), drawnFrom.indexOf("reference")].filter((position) => position >= 0)
}
