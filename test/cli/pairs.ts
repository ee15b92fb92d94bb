import { readFileSync } from "node:fs"

/** The values of a file of JSON lines. */
export const lines = (path: string): ReadonlyArray<unknown> =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line))

/** Two pairs as TRL has them; the responses of the second are the same. */
export const trlPairs = [
  { prompt: "list oak", chosen: "fir", rejected: "crab", score_chosen: 4, score_rejected: 1 },
  { prompt: "list sea", chosen: "crab", rejected: "crab" }
]

/** One user message. */
export const asked = (content: string) => [{ role: "user", content }]

/** The first pair as our record, read from `trl.jsonl`. */
export const fir = {
  promptId: "trl:1",
  messages: asked("list oak"),
  chosen: "fir",
  rejected: "crab",
  margin: 3,
  chosenScore: 4,
  rejectedScore: 1
}

/** The second pair. */
export const crab = { promptId: "trl:2", messages: asked("list sea"), chosen: "crab", rejected: "crab", margin: 0 }
