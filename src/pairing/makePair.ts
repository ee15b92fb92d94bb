import { Result } from "effect"
import type { Preference, Scored } from "../../schemas/mod.ts"
import type { Key } from "../random/mod.ts"
import { type Among, contenders } from "./contenders.ts"
import { fromReference } from "./fromReference.ts"
import type { Pairing } from "./Pairing.ts"

/**
 * Why a prompt gave no pair: fewer than two responses, equal rewards, equal texts, or a text that is empty and so
 * teaches nothing.
 */
export type Dropped = "single" | "tie" | "identical" | "empty"

/**
 * The pair a prompt's scored responses make, or why they make none.
 *
 * Source   Algorithm 2: a pair whose two responses are the same is dropped.
 * Units    `margin` is the reward of `chosen` less the reward of `rejected`, as they are in the row.
 */
export const makePair =
  (options: { readonly pairing: Pairing; readonly identical: "drop" | "keep"; readonly among?: Among }) =>
  (row: Scored, key: Key): Result.Result<Preference, Dropped> => {
    const places = contenders(row, options.among ?? "all")
    if (places.length < 2) return Result.fail("single")
    const found = options.pairing(
      places.map((place) => row.rewards[place] ?? 0),
      key
    )
    const choice = { chosen: places[found.chosen] ?? 0, rejected: places[found.rejected] ?? 0 }
    const margin = (row.rewards[choice.chosen] ?? 0) - (row.rewards[choice.rejected] ?? 0)
    const chosen = row.responses[choice.chosen]?.text ?? ""
    const rejected = row.responses[choice.rejected]?.text ?? ""
    if (options.identical === "drop" && chosen === rejected) return Result.fail("identical")
    if (margin <= 0) return Result.fail("tie")
    if (chosen === "" || rejected === "") return Result.fail("empty")
    const { messages, promptId } = row
    return Result.succeed({ promptId, messages, chosen, rejected, margin, ...fromReference(row, choice) })
  }
