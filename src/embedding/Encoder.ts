import type { Effect } from "effect"
import type { EmbeddingError } from "./errors.ts"

/** Vectors of texts, one after another. Shapes: values: [count, width]. Units: every vector has length 1. */
export interface Vectors {
  readonly count: number
  readonly width: number
  readonly values: Float32Array
}

/** What an encoder made of texts: their vectors, and how many texts were cut to the longest it reads. */
export interface Embedded extends Vectors {
  readonly truncated: number
  /** Tokens that were read, those that frame texts included. */
  readonly tokens: number
}

/** A sentence encoder that is open. */
export interface Encoder {
  readonly folder: string
  readonly width: number
  /** Longest text in tokens; the end of a longer one is not read. */
  readonly maxTokens: number
  /** Fails: EmbeddingError with ModelFailed. `onBatch` is told how many texts have been read. */
  readonly embed: (
    texts: ReadonlyArray<string>,
    options?: { readonly onBatch?: (done: number) => Effect.Effect<void> }
  ) => Effect.Effect<Embedded, EmbeddingError>
}
