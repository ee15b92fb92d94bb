import { closeSync, openSync, writeSync } from "node:fs"

const words =
  "whale crab pearl tide oak fern moss robin apple bread spoon lamp red blue green gold because would answer".split(" ")
const rowsPerWrite = 1000
/** The chance that a word is followed by a new paragraph, and that it is quoted: both are escapes in JSON. */
const chances = { paragraph: 0.02, quoted: 0.005 }
/** One row in so many is the one before once more; in as many, chosen and rejected are the same. */
const every = { again: 50, same: 70 }

/** Numbers of a linear congruential generator: a hundred times as quick as a keyed one, and nothing hangs on them. */
const chance = () => {
  let state = 1
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

/**
 * Writes preferences as JSON lines until the file has so many bytes: prompts of about 200 bytes, responses of about 1 000,
 * ASCII, a few rows twice. The same bytes each time.
 */
export const writePairs = (path: string, bytes: number): { readonly rows: number; readonly bytes: number } => {
  const next = chance()
  const text = (length: number): string => {
    let made = ""
    while (made.length < length) {
      const word = words[Math.floor(next() * words.length)] ?? ""
      const drawn = next()
      made += drawn < chances.paragraph ? `${word}.\n\n` : drawn > 1 - chances.quoted ? `"${word}" ` : `${word} `
    }
    return made
  }
  const file = openSync(path, "w")
  let [rows, written, before] = [0, 0, ""]
  while (written < bytes) {
    const lines = Array.from({ length: rowsPerWrite }, () => {
      rows++
      if (rows % every.again === 0) return before
      const messages = [{ role: "user", content: text(150 + next() * 100) }]
      const chosen = text(500 + next() * 1000)
      const rejected = rows % every.same === 0 ? chosen : text(500 + next() * 1000)
      const margin = Math.round(next() * 1e4) / 1e3
      return (before = `${JSON.stringify({ promptId: `p${rows}`, messages, chosen, rejected, margin })}\n`)
    })
    written += writeSync(file, lines.join(""))
  }
  closeSync(file)
  return { rows, bytes: written }
}
