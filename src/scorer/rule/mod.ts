/**
 * Rewards that are rules: known, exact functions of the text.
 *
 * ```ts
 * rules.garden([{ role: "user", content: "name three things from the sea" }], "whale crab reef") // 2.5
 * ```
 */
import type { Message } from "../../../schemas/mod.ts"
import { gardenReward } from "./garden.ts"

export { gardenReward } from "./garden.ts"

/** A reward that needs no model. */
export type Rule = (messages: ReadonlyArray<Message>, response: string) => number

/** Every rule, by the name a pipeline file gives it. */
export const rules = { garden: gardenReward } as const satisfies Readonly<Record<string, Rule>>
