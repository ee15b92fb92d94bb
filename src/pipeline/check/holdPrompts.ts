import { Effect, Stream } from "effect"
import type { Prompt } from "../../../schemas/mod.ts"
import { DatasetError, PromptRepeated, RowsMissing } from "../../dataset/mod.ts"
import { type DataSource, openData } from "../data/mod.ts"

/**
 * The prompts of a source that is no file of JSON lines, those that `keep` says yes to.
 *
 * Domain   memory holds all of them, for rows of such files have no place of their own to go back to.
 * Fails    DatasetError (PromptRepeated, RowsMissing), and as openData and its rows do
 */
export const holdPrompts = Effect.fn("holdPrompts")(function* (source: DataSource, keep: (prompt: Prompt) => boolean) {
  const { rows } = yield* openData({ source, kinds: ["prompts"] })
  const fail = (reason: DatasetError["reason"]) => new DatasetError({ path: source.path, reason })
  const numbers = new Map<string, number>()
  const kept: Array<Prompt> = []
  yield* Stream.runForEach(
    rows,
    Effect.fnUntraced(function* (prompt) {
      const { promptId } = prompt
      const [first, line] = [numbers.get(promptId), numbers.size]
      if (first !== undefined) return yield* fail(new PromptRepeated({ place: "row", line, first, promptId }))
      numbers.set(promptId, line)
      if (keep(prompt)) kept.push(prompt)
    })
  )
  if (numbers.size === 0) return yield* fail(new RowsMissing())
  const pick = (places: Int32Array) =>
    Stream.fromIterable(Array.from(places, (i) => kept[i]).filter((prompt) => prompt !== undefined))
  return { length: kept.length, pick }
})
