import type { Message } from "../../../schemas/mod.ts"
import { closings, counts, fillers, openings, refusals, topics } from "./gardenWords.ts"

/** What the last user message asks for. */
interface Request {
  readonly count: number
  readonly topics: ReadonlyArray<ReadonlyArray<string>>
  readonly forbidden: string | undefined
}

const topicOf: ReadonlyMap<string, ReadonlyArray<string>> = new Map(Object.entries(topics))
const countOf: ReadonlyMap<string, number> = new Map(Object.entries(counts))
const opening: ReadonlySet<string> = new Set(openings)
const closing: ReadonlySet<string> = new Set(closings)
const filler: ReadonlySet<string> = new Set(fillers)
const refusal: ReadonlySet<string> = new Set(refusals)

const split = (text: string): ReadonlyArray<string> => text.split(/\s+/u).filter((word) => word !== "")

const readRequest = (messages: ReadonlyArray<Message>): Request => {
  const asked = split(messages.findLast((message) => message.role === "user")?.content ?? "")
  const refused = asked.findIndex((word) => refusal.has(word))
  return {
    count: asked.map((word) => countOf.get(word)).find((count) => count !== undefined) ?? counts.three,
    topics: [...new Set(asked)].map((word) => topicOf.get(word)).filter((topic) => topic !== undefined),
    forbidden: refused < 0 ? undefined : asked[refused + 1]
  }
}

/** Rewards of the parts of a response. */
const part = {
  silence: -2.5,
  complete: 5,
  polite: 0.75,
  topicMissed: -1,
  offTopic: -0.75,
  repeat: -0.5,
  forbidden: -1.5,
  extra: -0.75,
  filler: -0.1
} as const

const lowest = -4

/**
 * The gold reward r(x, a) of the garden domain: how well a list of words answers a request for words of a topic.
 *
 * With k the count asked for and n the number of distinct words that are on topic and not forbidden,
 * r = −2½ + 5·min(n, k)/k + ¾·[first word is polite] + ¾·[last word is polite] − 1·(topics without any word, of several)
 *     − ¾·(off-topic words) − ½·(repeats) − 1½·(uses of the forbidden word) − ¾·max(n − k, 0) − 1/10·(fillers),
 * and at least −4. Topics, counts and the forbidden word are read from the last user message; without a count k = 3.
 *
 * Source   Our own, for the quick start: it stands for the person whom a reward model imitates.
 * Units    Reward, unitless.
 * Domain   Any text; the result is in [−4, 4], never NaN, and −2½ or less for an empty response.
 */
export const gardenReward = (messages: ReadonlyArray<Message>, response: string): number => {
  const request = readRequest(messages)
  const said = split(response)
  const opened = said.length > 1 && opening.has(said[0] ?? "") ? 1 : 0
  const closed = said.length > 1 && closing.has(said.at(-1) ?? "") ? 1 : 0
  const rest = said.slice(opened, said.length - closed)
  const empty = rest.filter((word) => filler.has(word)).length
  const items = rest.filter((word) => !filler.has(word) && word !== request.forbidden)
  const forbidden = rest.length - empty - items.length
  const distinct = [...new Set(items)]
  const onTopic = distinct.filter((word) => request.topics.some((topic) => topic.includes(word)))
  const missed = request.topics.filter((topic) => !onTopic.some((word) => topic.includes(word))).length
  const reward =
    part.silence +
    (part.complete * Math.min(onTopic.length, request.count)) / request.count +
    part.polite * (opened + closed) +
    part.topicMissed * (request.topics.length > 1 ? missed : 0) +
    part.offTopic * (distinct.length - onTopic.length) +
    part.repeat * (items.length - distinct.length) +
    part.forbidden * forbidden +
    part.extra * Math.max(onTopic.length - request.count, 0) +
    part.filler * empty
  return Math.max(lowest, reward)
}
