/** Names that are told apart; rows of later ones are counted as `others`. */
export const mostNames = 256
export const others = "(others)"

/** How often each name occurs. Domain: at most 256 names are told apart, those met first. */
export class NameCounts {
  private readonly counts = new Map<string, number>()

  add(name: string | undefined, times = 1): void {
    if (name === undefined) return
    const known = this.counts.has(name) || this.counts.size < mostNames ? name : others
    this.counts.set(known, (this.counts.get(known) ?? 0) + times)
  }

  addAll(other: NameCounts): void {
    for (const [name, times] of other.counts) this.add(name, times)
  }

  /** The names, the most frequent first, then by the alphabet. */
  summary(): Readonly<Record<string, number>> {
    const byCount = [...this.counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    return Object.fromEntries(byCount)
  }
}
