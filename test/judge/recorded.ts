import { readFileSync } from "node:fs"
import type { Message } from "../../schemas/mod.ts"

/** A question as transformers answers it: the chances of A and B, adding up to 1, and log P of both in the whole vocabulary. */
interface Asked {
  readonly text: string
  readonly ids: ReadonlyArray<number>
  readonly chances: readonly [a: number, b: number]
  readonly logps: readonly [a: number, b: number]
}

interface BothOrders {
  readonly forward: Asked
  readonly swapped: Asked
}

/** Two responses and both questions about them, with the generation prompt and without: see fixtures/judge/record.py. */
interface RecordedComparison {
  readonly messages: ReadonlyArray<Message>
  readonly first: string
  readonly second: string
  readonly add: BothOrders
  readonly omit: BothOrders
}

interface Recordings {
  readonly comparisons: ReadonlyArray<RecordedComparison>
  /** One step of training on the comparisons of which one is better, by the letters that are right. */
  readonly training: Readonly<Record<string, { readonly loss: number; readonly grad_norm: number }>>
}

export const { comparisons, training }: Recordings = JSON.parse(readFileSync("fixtures/judge/recordings.json", "utf8"))

/** A tiny model whose tokenizer knows the letters. */
export const model = "fixtures/judge/model"
