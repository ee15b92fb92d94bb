/** A piece of an arena's memory. Units: bytes. */
export interface Chunk {
  readonly region: number
  readonly from: number
  readonly size: number
}

/** Units: bytes. */
const alignment = 256
/** What may be left over in a chunk that is handed out whole. Units: bytes. */
const deadBytes = 128 * 1024 * 1024

const follows = (a: Chunk, b: Chunk): boolean => a.region === b.region && a.from + a.size === b.from

/**
 * The arena that the sessions of a step share, as numbers: how much memory it has taken from the system.
 *
 * Source   ONNX Runtime's BFCArena with kSameAsRequested: best fit, a chunk is split when twice as large as asked for, freed
 *          neighbours join, and what does not fit extends the arena by just that.
 */
export class Arena {
  private free: ReadonlyArray<Chunk> = []
  private regions = 0
  private taken = 0

  /** Units: bytes taken from the system so far. */
  get bytes(): number {
    return this.taken
  }

  allocate(bytes: number): Chunk {
    const size = Math.max(1, Math.ceil(bytes / alignment)) * alignment
    const fitting = this.free.filter((chunk) => chunk.size >= size)
    const best = fitting.reduce<Chunk | undefined>(
      (tightest, chunk) => (tightest && tightest.size <= chunk.size ? tightest : chunk),
      undefined
    )
    if (!best) return this.extend(size)
    const rest = best.size - size
    const split = best.size >= 2 * size || rest > deadBytes
    const others = this.free.filter((chunk) => chunk !== best)
    this.free = split ? [...others, { region: best.region, from: best.from + size, size: rest }] : others
    return split ? { ...best, size } : best
  }

  release(chunk: Chunk): void {
    const before = this.free.find((other) => follows(other, chunk))
    const after = this.free.find((other) => follows(chunk, other))
    const from = before?.from ?? chunk.from
    const size = (before?.size ?? 0) + chunk.size + (after?.size ?? 0)
    this.free = [...this.free.filter((other) => other !== before && other !== after), { ...chunk, from, size }]
  }

  private extend(size: number): Chunk {
    this.taken += size
    return { region: this.regions++, from: 0, size }
  }
}
