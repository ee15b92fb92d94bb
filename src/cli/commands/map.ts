import { Console, Effect, Path, Stream } from "effect"
import type { Message, PromptMap } from "../../../schemas/mod.ts"
import type { DataRecord } from "../../pipeline/data/mod.ts"
import type { EngineOptions } from "../Engine.ts"
import { printJson } from "../printJson.ts"
import { dataBadInput, openSource, type SourceOptions, tellLeftOut } from "./openSource.ts"
import { badInput } from "./readExamples.ts"

export interface MapOptions extends EngineOptions, SourceOptions {
  readonly files: ReadonlyArray<string>
  readonly encoder: string
  readonly out: string
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

/** What rows are read as: preferences say where they are from. */
const kinds = ["preferences", "prompts", "demonstrations", "judged"] as const

/** Where a record is from, as it says itself. */
const sourceOf = (record: DataRecord): string | undefined =>
  "margin" in record ? (record.source ?? record.dataset) : undefined

/** The prompts of every source of data; what does not say where it is from is of its file. Fails: BadInput. */
const readPrompts = Effect.fnUntraced(function* (options: MapOptions) {
  const { basename } = yield* Path.Path
  const read = Effect.fnUntraced(function* (path: string) {
    const data = yield* openSource(path, options, kinds)
    const name = data.lineage.id ?? basename(path)
    const prompts = yield* Stream.runCollect(
      Stream.map(data.rows, (record) => ({
        promptId: record.promptId,
        source: sourceOf(record) ?? name,
        text: textOf(record.messages)
      }))
    )
    yield* tellLeftOut(data.counts())
    return prompts
  })
  return (yield* Effect.forEach(options.files, read)).flat()
}, dataBadInput)

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
  const layer = OnnxRuntime.layer({ device, threads })
  const made = yield* badInput(Effect.provide(Effect.scoped(make), layer))
  yield* print(made, yield* writePromptMap(made, { folder, title: "Prompt map" }), json)
})
