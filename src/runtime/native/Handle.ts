import { Released } from "../errors.ts"

/** Every handle that is open. What a handle holds stays reachable from here: the collector does not see that native code reads it. */
const open = new Set<Handle>()

/** How many handles are open: a law of the tests. */
export const openHandles = (): number => open.size

/**
 * A native object with its users counted: it is released when the last of them lets go, and never twice.
 *
 * Fails    Released (thrown by `address`, and when something held has ended)
 */
export class Handle {
  readonly #what: string
  readonly #release: (address: bigint) => void
  #address: bigint
  #users = 1
  /** What must live as long as the native object does: arrays it reads, handles it was made from. */
  #holds: ReadonlyArray<unknown>

  constructor(options: {
    readonly what: string
    readonly address: bigint
    readonly release: (address: bigint) => void
    readonly holds?: ReadonlyArray<unknown>
  }) {
    this.#what = options.what
    this.#address = options.address
    this.#release = options.release
    this.#holds = options.holds ?? []
    const held = this.#holds.filter((each) => each instanceof Handle)
    const closed = held.find((each) => each.#users === 0)
    if (closed) {
      this.#release(this.#address)
      throw new Released({ what: closed.#what })
    }
    for (const each of held) each.#users += 1
    open.add(this)
  }

  get address(): bigint {
    if (this.#users === 0) throw new Released({ what: this.#what })
    return this.#address
  }

  /** Lets go once: for whoever made the handle. */
  release(): void {
    if (this.#users === 0) return
    this.#users -= 1
    if (this.#users > 0) return
    open.delete(this)
    this.#release(this.#address)
    this.#address = 0n
    for (const held of this.#holds) if (held instanceof Handle) held.release()
    this.#holds = []
  }
}
