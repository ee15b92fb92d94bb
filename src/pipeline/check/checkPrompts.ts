import { Effect, type FileSystem, type Path, type PlatformError, Stream } from "effect"
import type { Prompt } from "../../../schemas/mod.ts"
import { type DataError, type FoundSource, indexPrompts, openData, pickPrompts, placedSource } from "../data/mod.ts"
import type { Issue } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"
import { fullSource, type Source } from "../file/Source.ts"
import { hashSequence } from "../store/hash.ts"
import { writtenIssues } from "./checkData.ts"
import { fitPrompt, type Room } from "./fitPrompt.ts"

/** Prompts of any source that was read once: how many fit, and a hash of all of them. */
export interface PromptRows {
  readonly length: number
  readonly hash: string
  /** The prompts at these places, in this order; until the stream ends they lie in the file `spool`. */
  readonly pick: (
    places: Int32Array,
    spool: string
  ) => Stream.Stream<Prompt, DataError | PlatformError.PlatformError, FileSystem.FileSystem | Path.Path>
  /** Prompts left out because they leave no room for a response. */
  readonly overlong: number
  readonly found: ReadonlyArray<FoundSource>
  readonly issues: ReadonlyArray<Issue>
}

/** A source of prompts that a pipeline names. Without `room` every prompt fits. */
export interface PromptOptions {
  readonly key: KeyPath
  readonly source: Source
  readonly room: Room | undefined
  readonly overlong: "error" | "drop"
  /** Hears of every prompt that fits. */
  readonly onPrompt?: (prompt: Prompt) => void
}

/** The most examples of one kind of problem that are listed. */
const listed = 5

/** What to say of prompts that leave no room: the first few, how many more, and what to do. */
const complaints = (examples: ReadonlyArray<string>, overlong: number): ReadonlyArray<string> => {
  const more = overlong > listed ? [`and ${overlong - listed} more like these`] : []
  return overlong === 0 ? [] : [...examples, ...more, 'shorten them, or set prompts.overlong to "drop"']
}

const nothing: PromptRows = { length: 0, hash: "", pick: () => Stream.empty, overlong: 0, found: [], issues: [] }

/** Reads the prompts that a pipeline names under `key`, one by one. */
export const checkPrompts = Effect.fn("checkPrompts")(function* (pipeline: CompiledPipeline, options: PromptOptions) {
  const { key, onPrompt, room } = options
  const written = writtenIssues(pipeline, key, options.source)
  if (written.length > 0) return { ...nothing, issues: written }
  const problemOf = room ? fitPrompt(room) : () => undefined
  const hash = hashSequence()
  const examples: Array<string> = []
  let overlong = 0
  const keep = (prompt: Prompt): boolean => {
    const problem = problemOf(prompt)
    if (problem !== undefined) {
      if (overlong++ < listed) examples.push(problem)
      return false
    }
    hash.add(prompt)
    onPrompt?.(prompt)
    return true
  }
  const issue = (detail: string): Issue => ({ at: pipeline.at([...key, "path"]), key: dotted(key), detail })
  const source = placedSource(fullSource(options.source))
  const read = Effect.gen(function* () {
    const { kind, lineage, rows } = yield* openData({ source, kinds: ["prompts"] })
    const index = yield* indexPrompts(source.path, rows, keep)
    return { rows, index, found: [{ key: dotted(key), kind, lineage }] }
  })
  return yield* Effect.match(read, {
    onSuccess: ({ found, index, rows }): PromptRows => ({
      length: index.rows.length,
      hash: hash.digest(),
      pick: (places, spool) => pickPrompts(rows, { path: source.path, index, places, spool }),
      overlong,
      found,
      issues: options.overlong === "error" || index.rows.length === 0 ? complaints(examples, overlong).map(issue) : []
    }),
    onFailure: ({ message }): PromptRows => ({ ...nothing, issues: [issue(message)] })
  })
})
