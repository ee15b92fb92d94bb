import { Effect, type Fiber, type Scope } from "effect"

/** Runs beside the caller, to its end: closing the scope waits for it. */
export const beside = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<Fiber.Fiber<A, E>, never, R | Scope.Scope> =>
  Effect.forkScoped(Effect.uninterruptible(effect), { startImmediately: true })
