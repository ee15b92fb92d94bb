import { Clock, type Duration, Effect, Fiber, Ref, Schedule } from "effect"
import { type Phase, Progress } from "../../pipeline/mod.ts"
import type { View } from "./View.ts"

/** How progress is shown: what is written when a phase begins, now and then, and when it ends. */
export interface Writer {
  readonly begin: (phase: Phase) => Effect.Effect<void>
  readonly tick: (view: View) => Effect.Effect<void>
  readonly end: (view: View) => Effect.Effect<void>
  readonly note: (line: string) => Effect.Effect<void>
  readonly warn: (line: string) => Effect.Effect<void>
  /** Time between ticks. */
  readonly every: Duration.Input
}

/** Progress that counts, measures time, and leaves the words to `writer`. */
export const makeProgress = (writer: Writer): Progress["Service"] => {
  const phase = Effect.fnUntraced(function* (shown: Phase) {
    const started = yield* Clock.currentTimeMillis
    const state = yield* Ref.make({ done: 0, detail: "", total: shown.total })
    const view = Effect.gen(function* () {
      const seconds = ((yield* Clock.currentTimeMillis) - started) / 1000
      const { detail, done, total } = yield* Ref.get(state)
      // parts of a row are counted too, and add up to a whole one but for rounding
      return { phase: { ...shown, total }, seconds, done: Math.floor(done + 1e-6), detail }
    })
    yield* writer.begin(shown)
    const tick = Effect.flatMap(view, writer.tick)
    const ticking = yield* Effect.forkScoped(Effect.schedule(tick, Schedule.spaced(writer.every)))
    yield* Effect.addFinalizer(() => Effect.andThen(Fiber.interrupt(ticking), Effect.flatMap(view, writer.end)))
    return (amount: number, detail = "", total?: number) =>
      Ref.update(state, (before) => ({ done: before.done + amount, detail, total: total ?? before.total }))
  })
  return Progress.of({ phase, note: writer.note, warn: writer.warn })
}
