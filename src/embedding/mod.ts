/**
 * Texts as vectors: a sentence encoder on the same runtime, and what is made of its vectors.
 *
 * ```ts
 * const encoder = yield* openEncoder("models/all-MiniLM-L6-v2")
 * const embedded = yield* encoder.embed(["Name three colours.", "What is 2 + 2?"])
 * const { places } = yield* project(embedded, { seed: 0 })
 * ```
 */
export type { Embedded, Encoder, Vectors } from "./Encoder.ts"
export { EmbeddingError } from "./errors.ts"
export { type EncoderOptions, openEncoder } from "./openEncoder.ts"
export { clusterVectors, defaultTopics } from "./clusterVectors.ts"
export { keywords } from "./keywords.ts"
export { project, type Projection, type ProjectOptions } from "./project.ts"
