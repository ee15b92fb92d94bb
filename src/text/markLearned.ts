import { type Learned, learnedMask } from "./learnedMask.ts"
import type { Tokenizer } from "./Tokenizer.ts"

interface Run {
  readonly learned: boolean
  readonly ids: Array<number>
}

const runsOf = (ids: Int32Array, mask: Uint8Array): ReadonlyArray<Run> => {
  const runs: Array<Run> = []
  ids.forEach((id, i) => {
    const last = runs.at(-1)
    const learned = mask[i] === 1
    if (last?.learned === learned) last.ids.push(id)
    else runs.push({ learned, ids: [id] })
  })
  return runs
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

/** One token as text; as the vocabulary spells it where it is no whole character. */
const show = (tokenizer: Tokenizer, id: number): string => {
  const spelled = tokenizer.tokenOf(id)
  const text = tokenizer.decode([id], { skipSpecialTokens: false })
  const shown = text === "" || text.includes("\uFFFD") ? spelled : text
  const spaced = spelled.startsWith("▁") && !shown.startsWith(" ") && shown !== spelled ? ` ${shown}` : shown
  return spaced.replaceAll(/[\n\r\t]/g, (letter) => escapes[letter] ?? letter)
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
): string => {
  const mask = learnedMask(sequence)
  return runsOf(sequence.ids, mask)
    .map((run) => {
      const shown = run.ids.map((id) => (run.learned ? `⟦${show(tokenizer, id)}⟧` : show(tokenizer, id)))
      const left = shown.length - 2 * options.edge
      return left <= 1
        ? shown.join("")
        : [...shown.slice(0, options.edge), ` … ${left} tokens … `, ...shown.slice(-options.edge)].join("")
    })
    .join("")
}
