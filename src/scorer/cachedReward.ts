import { Effect, Layer } from "effect"
import { createHash } from "node:crypto"
import { Reward, type ScoreRow } from "./Reward.ts"

const hashOf = (messages: ScoreRow["messages"], response: string): string =>
  createHash("sha256")
    .update(JSON.stringify([messages.map(({ content, role }) => [role, content]), response]))
    .digest("base64")

/** The rewards that were asked for last, by the hash of what they are of. */
const makeMemory = (capacity: number) => {
  const rewards = new Map<string, number>()
  return {
    /** A reward that is remembered; it becomes the last one that was asked for. */
    find: (hash: string): number | undefined => {
      const found = rewards.get(hash)
      if (found !== undefined && rewards.delete(hash)) rewards.set(hash, found)
      return found
    },
    keep: (hash: string, reward: number): void => {
      rewards.set(hash, reward)
      const [oldest] = rewards.keys()
      if (rewards.size > capacity && oldest !== undefined) rewards.delete(oldest)
    }
  }
}

/** What is not remembered of some rows: each pair of conversation and response once, by its hash. */
const unknownOf = (
  rows: ReadonlyArray<ScoreRow>,
  hashes: ReadonlyArray<ReadonlyArray<string>>,
  known: ReadonlyMap<string, number>
) => {
  const seen = new Set(known.keys())
  const isNew = (hash: string) => !seen.has(hash) && seen.add(hash) !== undefined
  return rows.flatMap(({ messages, responses }, row) => {
    const left = responses.flatMap((text, i) => {
      const hash = hashes[row]?.[i] ?? ""
      return isNew(hash) ? [{ hash, text }] : []
    })
    return left.length === 0 ? [] : [{ messages, left }]
  })
}

/**
 * The reward behind it, which is not asked for what was asked before: the same response to the same conversation.
 *
 * Units    `capacity` in responses; beyond it the one that was not asked for the longest is forgotten.
 * Domain   Exact where a reward depends on conversation and response alone; a reward that was not given stays missing.
 * Fails    What the reward behind it fails with.
 */
export const cachedReward = (options: { readonly capacity: number }): Layer.Layer<Reward, never, Reward> =>
  Layer.effect(
    Reward,
    Effect.gen(function* () {
      const behind = yield* Reward
      const memory = makeMemory(options.capacity)
      const score = Effect.fn("Reward.score")(function* (rows: ReadonlyArray<ScoreRow>) {
        const hashes = rows.map(({ messages, responses }) => responses.map((response) => hashOf(messages, response)))
        const known = new Map<string, number>()
        for (const hash of hashes.flat()) {
          const found = memory.find(hash)
          if (found !== undefined) known.set(hash, found)
        }
        const asked = unknownOf(rows, hashes, known)
        const found =
          asked.length === 0
            ? []
            : yield* behind.score(
                asked.map(({ left, messages }) => ({ messages, responses: left.map(({ text }) => text) }))
              )
        asked.forEach(({ left }, row) =>
          left.forEach(({ hash }, i) => {
            const reward = found[row]?.[i]
            if (reward === undefined) return
            known.set(hash, reward)
            memory.keep(hash, reward)
          })
        )
        return hashes.map((row) => row.flatMap((hash) => known.get(hash) ?? []))
      })
      return Reward.of({ score })
    })
  )
