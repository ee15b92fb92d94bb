import type { LossName } from "../../src/loss/mod.ts"
import type { Cases } from "./Case.ts"
import { other, single } from "./cases/other.ts"
import { pair } from "./cases/pair.ts"

/** A case for every loss: a row of the table without one does not compile. */
export const cases: Cases<LossName> = { ...pair, ...other, ...single }
