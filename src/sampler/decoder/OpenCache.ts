import { Effect, Scope } from "effect"
import type { ModelConfig } from "../../model/mod.ts"
import { OnnxRuntime, type RuntimeError, type Session } from "../../runtime/mod.ts"
import { allocateCache, type Cache, type CacheKind, type CacheSize } from "./Cache.ts"
import type { makeCopyTokens } from "./copyTokens.ts"
import { type Chooser, makeChooser, type makeChoosing } from "./makeChooser.ts"
import { makeRead } from "./makeRead.ts"
import { makeSteps } from "./makeSteps.ts"
import type { Growing } from "./Row.ts"
import type { Slot } from "./Slot.ts"
import { clearLimits, makeStepArrays, placeLimits, placeRow, type StepArrays } from "./StepArrays.ts"

/** What every cache of a decoder works with. */
export interface DecoderParts {
  readonly config: ModelConfig
  readonly kind: CacheKind
  readonly session: Session
  readonly copy: Effect.Success<ReturnType<typeof makeCopyTokens>>
  readonly choosing: Effect.Success<ReturnType<typeof makeChoosing>>
}

/** A cache with its slots, and what runs over them. */
export interface OpenCache {
  readonly parts: DecoderParts
  readonly cache: Cache
  readonly slots: ReadonlyArray<Slot>
  readonly arrays: StepArrays
  readonly step: Effect.Success<ReturnType<typeof makeSteps>>
  readonly read: Effect.Success<ReturnType<typeof makeRead>>
  /** Made when a row first asks for it: it holds the logits of all slots. */
  readonly chooser: Effect.Effect<Chooser, RuntimeError>
  made: Chooser | undefined
}

/**
 * An empty cache, ready for rows, until the scope closes.
 *
 * Fails    RuntimeError.
 */
export const openCache = Effect.fnUntraced(function* (parts: DecoderParts, size: CacheSize) {
  const { choosing: sessions, config, kind, session } = parts
  const scope = yield* Scope.Scope
  const runtime = yield* OnnxRuntime
  const cache = yield* allocateCache(kind, size)
  const arrays = makeStepArrays(size)
  const chooser = makeChooser({ config, size, steps: arrays, sessions }).pipe(
    Effect.tap((made) => Effect.sync(() => (open.made = made))),
    Scope.provide(scope),
    Effect.provideService(OnnxRuntime, runtime)
  )
  const open: OpenCache = {
    parts,
    cache,
    slots: Array.from({ length: size.slots }, (_, index) => ({ index, row: undefined, read: new Int32Array() })),
    arrays,
    step: yield* makeSteps({ session, config, cache, arrays }),
    read: yield* makeRead(session, cache),
    chooser: Effect.suspend(() => (open.made ? Effect.succeed(open.made) : chooser)),
    made: undefined
  }
  return open
})

/** Lets a row take part in steps: `slot` holds its prompt, or what it has grown to. */
export const seat = (open: OpenCache, slot: Slot, growing: Growing): void => {
  slot.row = growing
  growing.ready = true
  placeRow(open.arrays, slot.index, growing)
  if (open.made) placeLimits(open.made.arrays, open.parts.config, slot.index, growing)
}

/** Frees a slot; what it holds of a prompt stays. */
export const leave = (open: OpenCache, slot: Slot): void => {
  slot.row = undefined
  if (open.made) clearLimits(open.made.arrays, open.parts.config, slot.index)
}
