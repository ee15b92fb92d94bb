import { Cause, Effect, Exit, Latch } from "effect"
import { admit } from "./admit.ts"
import { advance } from "./advance.ts"
import type { Room } from "./makeRoom.ts"
import { moveTogether } from "./moveTogether.ts"
import { leave } from "./OpenCache.ts"
import { begin, type Growing, type Listener, type Row } from "./Row.ts"

/** Rows in the order in which they came, and the turns that they take. */
export class Turns {
  readonly #room: Room
  readonly #chunkTokens: number
  readonly #waiting: Array<Growing> = []
  readonly #work = Latch.makeUnsafe(false)

  constructor(room: Room, chunkTokens: number) {
    this.#room = room
    this.#chunkTokens = chunkTokens
  }

  /** Adds a row, and gives what takes it back. */
  add(row: Row, listener: Listener): () => void {
    const growing = begin(row, listener)
    this.#waiting.push(growing)
    this.#work.openUnsafe()
    return () => {
      growing.cancelled = true
      this.#work.openUnsafe()
    }
  }

  /** Lets rows into free slots, and all that grow by one token; without any row, waits until there is one. */
  readonly next: Effect.Effect<void> = Effect.suspend(() => {
    this.#drop()
    if (this.#waiting.length === 0 && this.#room.open()?.slots.some(({ row }) => row) !== true) return this.#rest
    return Effect.flatMap(Effect.exit(this.#grow), (exit) =>
      Exit.isFailure(exit) ? Effect.sync(() => this.#fail(Cause.squash(exit.cause))) : Effect.void
    )
  })

  /** Ends all rows. */
  close(cause: unknown): void {
    this.#fail(cause)
    this.#failAll(this.#waiting.splice(0), cause)
  }

  readonly #rest = Effect.suspend(() => this.#work.await).pipe(
    Effect.andThen(Effect.sync(() => this.#work.closeUnsafe()))
  )

  readonly #grow = Effect.suspend(() => this.#room.for(this.#waiting)).pipe(
    Effect.flatMap((open) => {
      if (!open) return Effect.void
      const together = Effect.suspend(() => (this.#waiting.length === 0 ? moveTogether(open) : Effect.void))
      return admit(open, this.#waiting, this.#chunkTokens).pipe(
        Effect.tap(() => Effect.sync(() => this.#drop())),
        Effect.andThen(together),
        Effect.andThen(Effect.suspend(() => advance(open)))
      )
    })
  )

  /** Forgets rows that have been taken back. */
  #drop(): void {
    while (this.#waiting[0]?.cancelled) this.#waiting.shift()
    const open = this.#room.open()
    for (const slot of open?.slots ?? []) if (open && slot.row?.cancelled) leave(open, slot)
  }

  /** Rows in slots fail with what broke their step; rows that wait are tried, unless there is no cache for them. */
  #fail(cause: unknown): void {
    const open = this.#room.open()
    if (!open) return this.#failAll(this.#waiting.splice(0), cause)
    for (const slot of open.slots) {
      if (slot.row) this.#failAll([slot.row], cause)
      slot.read = new Int32Array()
      leave(open, slot)
    }
  }

  #failAll(rows: ReadonlyArray<Growing>, cause: unknown): void {
    for (const { cancelled, listener } of rows) if (!cancelled) listener.failed(cause)
  }
}
