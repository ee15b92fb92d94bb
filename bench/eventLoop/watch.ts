import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks"
import { Effect } from "effect"

/** A time in which no timer ran. Units: milliseconds; `own` is processor time of this thread, `collecting` is garbage collection in it. */
export interface Pause {
  readonly at: number
  readonly wall: number
  readonly own: number
  readonly collecting: number
}

interface Span {
  readonly from: number
  readonly to: number
}

const ownTime = (): number => {
  const { system, user } = process.threadCpuUsage()
  return (system + user) / 1000
}

const within = ({ from, to }: Span, spans: ReadonlyArray<Span>): number =>
  spans.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0)

/** Scavenges and full collections alike: this thread waits for both. */
const observeCollections = (spans: Array<Span>): PerformanceObserver => {
  const observer = new PerformanceObserver((list) => {
    for (const { duration, startTime: from } of list.getEntries()) spans.push({ from, to: from + duration })
  })
  observer.observe({ entryTypes: ["gc"] })
  return observer
}

/**
 * Runs an effect beside a timer of one millisecond, and tells when it did not run: a pause in which this thread had little
 * processor time was the machine's, not ours.
 */
export const watch = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const found: Array<Omit<Pause, "collecting">> = []
  const collections: Array<Span> = []
  const observer = observeCollections(collections)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let last = { at: performance.now(), own: ownTime() }
  const timer = setInterval(() => {
    const now = { at: performance.now(), own: ownTime() }
    const wall = now.at - last.at
    if (wall > 3) found.push({ at: last.at, wall, own: now.own - last.own })
    last = now
  }, 1)
  delay.enable()
  const value = yield* effect.pipe(
    Effect.ensuring(
      Effect.promise(async () => {
        clearInterval(timer)
        delay.disable()
        await new Promise((resolve) => setTimeout(resolve, 20)) // the last collections are told later
        observer.disconnect()
      })
    )
  )
  const pauses: ReadonlyArray<Pause> = found.map(({ at, own, wall }) => ({
    at,
    own,
    wall,
    collecting: within({ from: at, to: at + wall }, collections)
  }))
  return { value, pauses, longestDelay: delay.max / 1e6 }
})
