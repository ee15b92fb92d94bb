import { Effect } from "effect"
import type { PromptMap } from "../../../schemas/mod.ts"
import { clusterVectors, defaultTopics, type Encoder, keywords, project } from "../../embedding/mod.ts"

/** A prompt as one text, and where it comes from. */
export interface SourcedPrompt {
  readonly promptId: string
  readonly text: string
  readonly source: string
}

/** How a map is made. */
export interface PromptMapOptions {
  readonly encoder: Encoder
  readonly seed: number
  /** Topics; about the root of half the prompts, without a number. */
  readonly topics?: number | undefined
  readonly neighbours?: number
  /** Prompts that the layout is made of; the others are put into it. */
  readonly fitted?: number
  readonly onProgress?: (part: "embed" | "layout" | "rest", share: number) => Effect.Effect<void>
}

/** Words that a topic is called by, and those that are kept beside it. */
const named = 3
const perTopic = 10

/** Every prompt whose text its source has not given before. */
const distinct = (prompts: ReadonlyArray<SourcedPrompt>): ReadonlyArray<SourcedPrompt> => {
  const seen = new Set<string>()
  return prompts.filter(({ source, text }) => {
    const name = JSON.stringify([source, text])
    return seen.size < seen.add(name).size
  })
}

const topicsOf = (texts: ReadonlyArray<string>, topicOf: Int32Array): PromptMap["topics"] => {
  const count = topicOf.reduce((most, topic) => Math.max(most, topic + 1), 0)
  const classes = Array.from({ length: count }, (_, topic) => texts.filter((_text, i) => topicOf[i] === topic))
  return keywords(classes, { perClass: perTopic }).map((words, topic) => ({
    name: words.slice(0, named).join(", ") || `topic ${topic + 1}`,
    keywords: words,
    prompts: classes[topic]?.length ?? 0
  }))
}

/**
 * A map of prompts: embedded, laid out on a plane, and put into topics that are named by their words.
 *
 * Source   Fig. 5.
 * Fails    EmbeddingError.
 */
export const makePromptMap = Effect.fn("makePromptMap")(function* (
  prompts: ReadonlyArray<SourcedPrompt>,
  options: PromptMapOptions
) {
  const { encoder, fitted, neighbours, onProgress, seed } = options
  const kept = distinct(prompts)
  const texts = kept.map(({ text }) => text)
  const tell = onProgress ?? (() => Effect.void)
  const vectors = yield* encoder.embed(texts, { onBatch: (done) => tell("embed", done / texts.length) })
  const clusters = options.topics ?? defaultTopics(texts.length)
  const topicOf = yield* clusterVectors(vectors, { clusters, seed })
  const layout = yield* project(vectors, {
    seed,
    onStep: tell,
    ...(fitted === undefined ? {} : { fitted }),
    ...(neighbours === undefined ? {} : { neighbours })
  })
  const names = [...new Set(kept.map(({ source }) => source))]
  return {
    encoder: encoder.folder,
    maxTokens: encoder.maxTokens,
    method: layout.method,
    seed,
    fitted: layout.fitted,
    repeated: prompts.length - kept.length,
    truncated: vectors.truncated,
    sources: names.map((name) => ({ name, prompts: kept.filter(({ source }) => source === name).length })),
    topics: topicsOf(texts, topicOf),
    points: kept.map(({ promptId, source, text }, i) => ({
      promptId,
      prompt: text,
      source: names.indexOf(source),
      topic: topicOf[i] ?? 0,
      x: layout.places[i * 2] ?? 0,
      y: layout.places[i * 2 + 1] ?? 0
    }))
  } satisfies PromptMap
})
