import { Console, Effect, Path } from "effect"
import type { Message, PromptMap } from "../../../schemas/mod.ts"
import type { EngineOptions } from "../Engine.ts"
import { printJson } from "../printJson.ts"
import { badInput } from "./readExamples.ts"

export interface MapOptions extends EngineOptions {
  readonly files: ReadonlyArray<string>
  readonly encoder: string
  readonly out: string
  readonly format: string
  readonly limit: number | undefined
  readonly topics: number | undefined
  readonly fitted: number | undefined
  readonly maxTokens: number | undefined
  readonly seed: number
  readonly json: boolean
}

const doing = { embed: "Reading prompts", layout: "Laying them out", rest: "Putting the others in" } as const

/** What a person asked: the texts of the user, one below the other. */
const textOf = (messages: ReadonlyArray<Message>): string =>
  messages.flatMap(({ content, role }) => (role === "user" ? [content] : [])).join("\n\n")

/** The prompts of every file; a file is a source, called by its name. Fails: BadInput. */
const readPrompts = Effect.fnUntraced(function* ({ files, format, limit }: MapOptions) {
  const { formats, readDataset } = yield* Effect.promise(() => import("../../dataset/mod.ts"))
  const { basename } = yield* Path.Path
  const read = Effect.fnUntraced(function* (path: string) {
    const rows = yield* readDataset({ formats, kind: "prompts", source: { path, format, limit } })
    const source = basename(path)
    return rows.map(({ messages, promptId }) => ({ promptId, source, text: textOf(messages) }))
  })
  return (yield* Effect.forEach(files, read)).flat()
}, badInput)

/** Says on stderr how far each part is, a quarter at a time. */
const makeTell = () => {
  const told = new Set<string>()
  return (part: keyof typeof doing, share: number) => {
    const line = `${doing[part]}: ${Math.floor(share * 4) * 25} %`
    if (told.has(line)) return Effect.void
    told.add(line)
    return Console.error(line)
  }
}

const topicLine = ({ keywords, prompts }: PromptMap["topics"][number]): string =>
  `${String(prompts).padStart(8)}  ${keywords.join(", ")}`

const print = Effect.fnUntraced(function* (map: PromptMap, files: Readonly<Record<string, string>>, json: boolean) {
  const { points, ...rest } = map
  if (json) return yield* printJson({ prompts: points.length, ...rest, files })
  const cut = map.truncated === 0 ? "" : `, ${map.truncated} read only up to ${map.maxTokens} tokens`
  const again = map.repeated === 0 ? "" : `, ${map.repeated} repeated ones left out`
  yield* Console.log(`${points.length} prompts of ${map.sources.length} sources${again}${cut}\n`)
  yield* Console.log(`${" prompts"}  topic\n${map.topics.map(topicLine).join("\n")}\n`)
  yield* Console.log(
    `Wrote ${Object.values(files)
      .map((path) => `"${path}"`)
      .join(", ")}`
  )
})

/**
 * Draws a map of the prompts of some files.
 *
 * Fails    BadInput when a file or the encoder cannot be read; PlatformError when the folder cannot be written.
 */
export const map = Effect.fn("map")(function* (options: MapOptions) {
  const { device, fitted, json, maxTokens, out: folder, seed, threads, topics } = options
  const prompts = yield* readPrompts(options)
  const { openEncoder } = yield* Effect.promise(() => import("../../embedding/mod.ts"))
  const { makePromptMap, writePromptMap } = yield* Effect.promise(() => import("../../report/promptMap/mod.ts"))
  const { OnnxRuntime } = yield* Effect.promise(() => import("../../runtime/mod.ts"))
  const make = Effect.gen(function* () {
    const encoder = yield* openEncoder(options.encoder, { maxTokens })
    const fit = fitted === undefined ? {} : { fitted }
    return yield* makePromptMap(prompts, { encoder, seed, topics, ...fit, onProgress: makeTell() })
  })
  const layer = OnnxRuntime.layer({ device, ...(threads === undefined ? {} : { threads }) })
  const made = yield* badInput(Effect.provide(Effect.scoped(make), layer))
  yield* print(made, yield* writePromptMap(made, { folder, title: "Prompt map" }), json)
})
