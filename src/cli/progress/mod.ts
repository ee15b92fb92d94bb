/**
 * How a run goes, shown on a terminal, in a log, or as JSON.
 *
 * ```ts
 * program.pipe(Effect.provide(progress.bars))
 * ```
 */
import { bars } from "./bars.ts"
import { events } from "./events.ts"
import { lines } from "./lines.ts"

/** Every way to show progress. */
export const progress = { bars, lines, events }
export { progressLayer } from "./progressLayer.ts"
