import { Effect, Exit, Scope } from "effect"
import { OnnxRuntime, type RuntimeError } from "../../runtime/mod.ts"
import { freeCache } from "./Cache.ts"
import { type DecoderParts, openCache, type OpenCache } from "./OpenCache.ts"
import { type CachePlan, planCache } from "./planCache.ts"
import { type Growing, tokensNeeded } from "./Row.ts"

/** The one cache of a decoder. */
export interface Room {
  readonly plan: CachePlan
  readonly open: () => OpenCache | undefined
  /** The cache for rows that wait: where no row has a slot, another one if the first row does not fit, or if it has more slots. */
  readonly for: (waiting: ReadonlyArray<Growing>) => Effect.Effect<OpenCache | undefined, RuntimeError>
}

const fits = (open: OpenCache, slots: number, [first]: ReadonlyArray<Growing>): boolean =>
  first !== undefined && tokensNeeded(first.row) <= open.cache.length && slots <= open.slots.length

/** A room without a cache; what it holds is freed with the scope. */
export const makeRoom = Effect.fnUntraced(function* (parts: DecoderParts, plan: CachePlan) {
  const outer = yield* Scope.Scope
  const runtime = yield* OnnxRuntime
  let held: { readonly open: OpenCache; readonly scope: Scope.Closeable } | undefined
  // rows are taken from the room by a fiber of the same scope, started later: here it has ended, and its runs with it
  yield* Effect.addFinalizer(() => (held ? freeCache(held.open.cache) : Effect.void))
  const replace = Effect.fnUntraced(function* (waiting: ReadonlyArray<Growing>) {
    const size = planCache(
      plan,
      waiting.map(({ row }) => tokensNeeded(row))
    )
    if (held && fits(held.open, size.slots, waiting)) return
    const last = held
    held = undefined
    if (last) yield* Effect.andThen(Scope.close(last.scope, Exit.void), freeCache(last.open.cache))
    const scope = yield* Scope.fork(outer)
    const open = openCache(parts, size).pipe(Scope.provide(scope), Effect.provideService(OnnxRuntime, runtime))
    held = { scope, open: yield* open }
  })
  const room: Room = {
    plan,
    open: () => held?.open,
    for: Effect.fnUntraced(function* (waiting) {
      const busy = held?.open.slots.some(({ row }) => row !== undefined)
      if (busy !== true && waiting.length > 0) yield* replace(waiting)
      return held?.open
    })
  }
  return room
})
