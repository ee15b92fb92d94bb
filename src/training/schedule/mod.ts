/**
 * Learning-rate schedules.
 *
 * ```ts
 * const rate = peak * schedules.cosine({ warmup: 0.03, total: 100 })(step)
 * ```
 */
import { constant } from "./constant.ts"
import { cosine } from "./cosine.ts"
import { linear } from "./linear.ts"
import type { Schedule } from "./Schedule.ts"

/** Every schedule by its name in a pipeline file. */
export const schedules = { cosine, linear, constant } satisfies Record<string, Schedule>

export type { Schedule, ScheduleOptions } from "./Schedule.ts"
