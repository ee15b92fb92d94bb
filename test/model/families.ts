import { readFileSync } from "node:fs"

/** What transformers and PyTorch computed for one family: see fixtures/model/record_families.py. */
export interface RecordedFamily {
  readonly ids: ReadonlyArray<ReadonlyArray<number>>
  readonly promptLength: number
  /** After the last id of each row. */
  readonly logits: ReadonlyArray<ReadonlyArray<number>>
  readonly logps: ReadonlyArray<number>
  readonly greedy: ReadonlyArray<ReadonlyArray<number>>
  /** The mean negative log-probability of all response ids, and the norm of its gradient by each weight. */
  readonly loss: number
  readonly gradientNorms: Readonly<Record<string, number>>
  /** The class of the reward model over the same trunk, its head, and its rewards. */
  readonly architecture: string
  readonly score: ReadonlyArray<number>
  readonly rewards: ReadonlyArray<number>
}

/** Recordings by the folder under fixtures/model. */
export const families: Readonly<Record<string, RecordedFamily>> = JSON.parse(
  readFileSync("fixtures/model/families.json", "utf8")
)

/** The recorded rows as sequences. */
export const sequencesOf = ({ ids, promptLength }: RecordedFamily) =>
  ids.map((row) => ({ ids: Int32Array.from(row), promptLength }))
