import { Effect, type Scope } from "effect"
import type { OnnxRuntime, RuntimeError } from "../../src/runtime/mod.ts"

/** The tag of a failure, and its message. */
export const reasonOf = <A>(effect: Effect.Effect<A, RuntimeError, OnnxRuntime | Scope.Scope>) =>
  Effect.map(Effect.flip(effect), ({ message, reason }) => [reason._tag, message])
