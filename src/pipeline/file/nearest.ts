/** Edits (insert, delete, replace, swap of neighbours) between two words. */
const distance = (a: string, b: string): number => {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (__, j) => i + j))
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      const row = rows[i]
      if (row) row[j] = Math.min(replaced, at(i - 1, j) + 1, at(i, j - 1) + 1, swapped)
    }
  }
  return at(a.length, b.length)
}

/**
 * The known names that a misspelt one most likely meant, closest first, at most three.
 *
 * Domain   A name counts when at most a third of the longer word is different (two letters for short words), ignoring case.
 */
export const nearest = (name: string, known: ReadonlyArray<string>): ReadonlyArray<string> =>
  known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(
      ({ candidate, edits }) => edits <= Math.max(2, Math.max(name.length, candidate.length) / 3) && edits < name.length
    )
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ candidate }) => candidate)

const quoted = (names: ReadonlyArray<string>): string => names.map((one) => `"${one}"`).join(" or ")

/** What to say about an unknown name: the nearest known names, then all of them. */
export const unknownName = (name: string, known: ReadonlyArray<string>): string => {
  const near = nearest(name, known)
  const all = known.length === 0 ? "none are known here" : `known: ${known.join(", ")}`
  return near.length === 0 ? all : `did you mean ${quoted(near)}? (${all})`
}
