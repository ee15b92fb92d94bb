/** What a judge may say: the first is better, the second is better, or neither. */
export type Verdict = "A" | "B" | "C"

/**
 * The verdict in a judge's answer: the one letter in double brackets, should it be among those that were asked for.
 *
 * Domain   The same verdict may be repeated; none, two different ones, or another spelling are no verdict.
 */
export const parseVerdict = (answer: string, known: ReadonlyArray<Verdict>): Verdict | undefined => {
  const found = new Set(Array.from(answer.matchAll(/\[\[([^\]]*)\]\]/g), ([, letter]) => letter))
  const [only] = found
  return found.size === 1 ? known.find((verdict) => verdict === only) : undefined
}
