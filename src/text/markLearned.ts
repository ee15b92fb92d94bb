import { type Learned, learnedMask } from "./learnedMask.ts"
import type { Tokenizer } from "./Tokenizer.ts"

interface Run {
  readonly learned: boolean
  readonly tokens: Array<string>
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

/** What one token adds to the text before it; as the vocabulary spells it where that is no whole character. */
const show = (tokenizer: Tokenizer, before: ReadonlyArray<number>, id: number): string => {
  const decode = (ids: ReadonlyArray<number>) => tokenizer.decode(ids, { skipSpecialTokens: false })
  const [start, whole] = [decode(before), decode([...before, id])]
  const added = whole.startsWith(start) ? whole.slice(start.length) : ""
  const shown = added === "" || added.includes("\uFFFD") ? tokenizer.tokenOf(id) : added
  return shown.replaceAll(/[\n\r\t]/g, (letter) => escapes[letter] ?? letter)
}

const runsOf = (tokenizer: Tokenizer, ids: Int32Array, mask: Uint8Array): ReadonlyArray<Run> => {
  const runs: Array<Run> = []
  ids.forEach((id, i) => {
    const learned = mask[i] === 1
    const token = show(tokenizer, Array.from(ids.subarray(Math.max(0, i - 1), i)), id)
    const last = runs.at(-1)
    const shown = learned ? `⟦${token}⟧` : token
    if (last?.learned === learned) last.tokens.push(shown)
    else runs.push({ learned, tokens: [shown] })
  })
  return runs
}

/**
 * A sequence as text with ⟦ ⟧ around each token that is learned; the middle of long runs is left out.
 *
 * Units    `edge`: tokens shown at each end of a run.
 */
export const markLearned = (
  tokenizer: Tokenizer,
  sequence: Learned & { readonly ids: Int32Array },
  options: { readonly edge: number }
): string =>
  runsOf(tokenizer, sequence.ids, learnedMask(sequence))
    .map(({ tokens }) => {
      const left = tokens.length - 2 * options.edge
      return left <= 1
        ? tokens.join("")
        : [...tokens.slice(0, options.edge), ` … ${left} tokens … `, ...tokens.slice(-options.edge)].join("")
    })
    .join("")
