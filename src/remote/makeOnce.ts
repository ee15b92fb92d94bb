import { Effect, Ref, Semaphore } from "effect"

/** An effect that does nothing once it has succeeded; whoever comes while it runs waits for it. A failure is tried again. */
export const makeOnce = Effect.fnUntraced(function* <E, R>(effect: Effect.Effect<void, E, R>) {
  const turn = yield* Semaphore.make(1)
  const isDone = yield* Ref.make(false)
  const first = Effect.andThen(effect, Ref.set(isDone, true))
  return Effect.flatMap(Ref.get(isDone), (done) => (done ? Effect.void : first)).pipe(turn.withPermits(1))
})
