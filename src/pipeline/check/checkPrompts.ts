import { Effect, Stream } from "effect"
import type { Prompt } from "../../../schemas/mod.ts"
import { type DatasetOptions, formats, indexPrompts, pickRows, type RowIndex } from "../../dataset/mod.ts"
import type { Issue } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"
import { fullSource, type Source } from "../file/Source.ts"
import { hashSequence } from "../store/hash.ts"
import { holdPrompts } from "./holdPrompts.ts"
import { isLines } from "./isLines.ts"
import { fitPrompt, type Room } from "./fitPrompt.ts"

/** A file of prompts that was read once: where the prompts that fit lie, and a hash of all of them. */
export interface PromptFile {
  readonly length: number
  readonly hash: string
  /** The prompts at these places, in this order, each read when it is wanted. */
  readonly pick: (places: Int32Array) => ReturnType<typeof promptsAt>
  /** Prompts left out because they leave no room for a response. */
  readonly overlong: number
  readonly issues: ReadonlyArray<Issue>
}

/** The most examples of one kind of problem that are listed. */
const listed = 5

const promptsAt = (options: DatasetOptions<"prompts">, index: RowIndex, places: Int32Array) =>
  Stream.map(pickRows(options, index, places), ({ record }): Prompt => record)

/** What is kept of the prompts of JSON lines: where they lie. */
const indexLines = (options: DatasetOptions<"prompts">, keep: (prompt: Prompt) => boolean) =>
  Effect.map(indexPrompts(options, keep), (index) => ({
    length: index.length,
    pick: (places: Int32Array) => promptsAt(options, index, places)
  }))

/** What to say of prompts that leave no room: the first few, how many more, and what to do. */
const complaints = (examples: ReadonlyArray<string>, overlong: number): ReadonlyArray<string> => {
  const more = overlong > listed ? [`and ${overlong - listed} more like these`] : []
  return overlong === 0 ? [] : [...examples, ...more, 'shorten them, or set prompts.overlong to "drop"']
}

/** Reads a file of prompts that a pipeline names under `key`, row by row; without `room` every prompt fits. */
export const checkPrompts = Effect.fn("checkPrompts")(function* (
  pipeline: CompiledPipeline,
  options: {
    readonly key: KeyPath
    readonly source: Source
    readonly room: Room | undefined
    readonly overlong: "error" | "drop"
  }
) {
  const { key, room } = options
  const dataset = { formats, kind: "prompts", source: fullSource(options.source) } as const
  const problemOf = room ? fitPrompt(room) : () => undefined
  const hash = hashSequence()
  const examples: Array<string> = []
  let overlong = 0
  const keep = (prompt: Prompt): boolean => {
    const problem = problemOf(prompt)
    if (problem === undefined) hash.add(prompt)
    else if (overlong++ < listed) examples.push(problem)
    return problem === undefined
  }
  const issue = (detail: string): Issue => ({ at: pipeline.at(key), key: dotted(key), detail })
  const read = (yield* isLines(dataset.source)) ? indexLines(dataset, keep) : holdPrompts(dataset.source, keep)
  return yield* Effect.match(read, {
    onSuccess: ({ length, pick }): PromptFile => ({
      length,
      hash: hash.digest(),
      pick,
      overlong,
      issues: options.overlong === "error" || length === 0 ? complaints(examples, overlong).map(issue) : []
    }),
    onFailure: ({ message }): PromptFile => ({
      length: 0,
      hash: "",
      pick: () => Stream.empty,
      overlong: 0,
      issues: [issue(message)]
    })
  })
})
