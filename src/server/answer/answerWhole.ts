import { Effect } from "effect"
import type { Drawn } from "../../sampler/mod.ts"
import { type Reply, tellingOf, usageOf } from "./Reply.ts"

const toPart = ({ finish, ids, logProbabilities = [], text }: Drawn, index: number) => ({
  index,
  text,
  finish,
  offset: 0,
  tokens: { ids, logProbabilities }
})

/**
 * The answer as one object in JSON, when all responses are there: written choice by choice, others may want the thread.
 *
 * Fails    SamplerError
 */
export const answerWhole = Effect.fnUntraced(function* (reply: Reply) {
  const { asked, dialect, head, rollout } = reply
  const drawn = yield* rollout.draw(asked.requests)
  const telling = tellingOf(reply)
  const choices = yield* Effect.forEach(drawn, (each, index) =>
    Effect.map(Effect.yieldNow, () => JSON.stringify(dialect.whole.choice(telling, toPart(each, index))))
  )
  const tokens = drawn.reduce((sum, { ids }) => sum + ids.length, 0)
  const before = JSON.stringify({ ...head, object: dialect.whole.object }).slice(0, -1)
  return `${before},"choices":[${choices.join(",")}],"usage":${JSON.stringify(usageOf(reply, tokens))}}`
})
