import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { Console, Effect } from "effect"
import { openShape } from "../src/checkpoint/mod.ts"
import type { Sequence } from "../src/model/mod.ts"
import { key, uniform } from "../src/random/mod.ts"
import { encodePair } from "../src/text/mod.ts"
import { shape27M } from "./shape.ts"

const count = 64
const responsesPerPrompt = 8
/** Prompts, and the responses of a rollout, are no longer than this. Units: tokens. */
const longest = { prompt: 512, response: 512 }
/** Units: tokens of the longest sequence of any shape. */
export const contextLength = longest.prompt + longest.response

const shared = join("..", "shared")
const data = join(shared, "data", "ultrafeedback-subset", "train_clean.jsonl.gz")
const chatModel = join(shared, "models", "minimind2-small")

/** Lengths that are spread evenly, and lengths as responses have them that stop by themselves: many short, few long. Units: tokens. */
const spreads = {
  "64-256, evenly": (share: number) => 64 + 192 * share,
  "32-512, few long": (share: number) => 32 + 480 * share ** 2
}

const drawn = (lengthOf: (share: number) => number) =>
  Array.from({ length: count }, (_, row): Sequence => {
    const length = Math.round(lengthOf(row / (count - 1)))
    const ids = Int32Array.from({ length }, (_id, i) => Math.floor(uniform(key("bench", row), i) * shape27M.vocab_size))
    return { ids, promptLength: 1 }
  })

interface Row {
  readonly prompt: string
  readonly chosen: string
  readonly rejected: string
}

/** Real prompts with 8 responses each, real too, but written for this prompt and the three that follow it in the file. */
const conversations = Effect.gen(function* () {
  const { tokenizer } = yield* openShape(chatModel)
  const lines = gunzipSync(readFileSync(data)).toString("utf8").split("\n")
  const rows = lines.slice(0, 4 * count).map((line) => JSON.parse(line) as Row) // as: the format of the data set
  const found: Array<Sequence> = []
  for (const [i, { prompt }] of rows.entries()) {
    const texts = rows.slice(i, i + responsesPerPrompt / 2).flatMap(({ chosen, rejected }) => [chosen, rejected])
    const messages = [{ role: "user" as const, content: prompt }]
    const encoded = yield* Effect.forEach(texts, (text) =>
      Effect.fromResult(encodePair(tokenizer, messages, text, { maxTokens: 1 << 20, emptyResponse: "allow" }))
    )
    if (encoded.some(({ promptLength }) => promptLength > longest.prompt)) continue
    found.push(
      ...encoded.map(({ ids, promptLength }) => ({
        ids: ids.subarray(0, promptLength + longest.response),
        promptLength
      }))
    )
    if (found.length === count) break
  }
  return found
})

/** What is scored, by name: `count` sequences each. The real one is left out where the data is not at hand. */
export const scoreShapes = Effect.gen(function* () {
  const shapes = new Map(Object.entries(spreads).map(([name, lengthOf]) => [name, drawn(lengthOf)]))
  if (existsSync(data) && existsSync(chatModel)) {
    shapes.set(`${count / responsesPerPrompt} prompts x ${responsesPerPrompt} responses`, yield* conversations)
  } else yield* Console.error(`Left out the real shape: wanted "${data}" and "${chatModel}"`)
  return shapes
})
