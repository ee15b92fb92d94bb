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
 * The answer as one object, when all responses are there.
 *
 * Fails    SamplerError
 */
export const answerWhole = Effect.fnUntraced(function* (reply: Reply) {
  const { asked, dialect, head, rollout } = reply
  const drawn = yield* rollout.draw(asked.requests)
  const telling = tellingOf(reply)
  const choices = drawn.map((each, index) => dialect.whole.choice(telling, toPart(each, index)))
  const tokens = drawn.reduce((sum, { ids }) => sum + ids.length, 0)
  return { ...head, object: dialect.whole.object, choices, usage: usageOf(reply, tokens) }
})
