import { Schema } from "effect"
import { Turn } from "../format/turns.ts"

/** A row of UltraInteract_pair: a trajectory, and a right and a wrong action that follow it. */
export const UltraInteractPair = Schema.Struct({
  trajectory: Schema.NonEmptyArray(Turn),
  chosen: Schema.String,
  rejected: Schema.String
})
