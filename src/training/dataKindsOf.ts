import { Result } from "effect"
import { type LearnsFrom, type ObjectiveChoice, objectiveOf } from "./objective/mod.ts"

/** The records of a file that phases can be trained on. */
export type DataKind = "demonstrations" | "preferences" | "judged"

const kinds: Readonly<Record<LearnsFrom, ReadonlyArray<DataKind>>> = {
  demonstrations: ["demonstrations"],
  pairs: ["preferences"],
  rows: ["judged", "preferences"],
  rewards: ["preferences"]
}

/** What an objective can be trained on; preferences, where parts of a mixture do not go together. */
export const dataKindsOf = (choice: ObjectiveChoice): ReadonlyArray<DataKind> =>
  Result.match(objectiveOf(choice), { onFailure: () => kinds.pairs, onSuccess: ({ on }) => kinds[on] })
