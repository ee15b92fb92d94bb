import type { Ranking } from "./Match.ts"
import { roundRobin } from "./roundRobin.ts"
import { tournament } from "./tournament.ts"

/** Every way to find the best and the worst of several candidates by comparing two at a time. */
export const rankings = { tournament, roundRobin } as const satisfies Record<string, Ranking>
