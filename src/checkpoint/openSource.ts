import { Effect, FileSystem, Path, Result } from "effect"
import { type Lora, loraNames, type Parameter } from "../model/mod.ts"
import { loadFloat32, readCheckpointFiles, type SafetensorsEntry } from "../runtime/mod.ts"
import { makeTokenizer } from "../text/mod.ts"
import type { Checkpoint, Kind } from "./Checkpoint.ts"
import { AdapterWeight, BaseMissing, CheckpointError, KindDiffers, WeightMissing } from "./errors.ts"
import { openMerge } from "./mergeAdapter.ts"
import type { ModelSource } from "./ModelSource.ts"
import { openCheckpoint, parametersOf, readTokenizerFiles } from "./openCheckpoint.ts"
import { adapterConfigFile, readAdapter } from "./readAdapter.ts"

type Entries = ReadonlyMap<string, SafetensorsEntry>

/** What takes the place of a weight, or what is added to it. */
type Change = { readonly whole: SafetensorsEntry } | { readonly up: SafetensorsEntry; readonly down: SafetensorsEntry }
type Changes = ReadonlyMap<string, Change>

/** The entry of this name and shape. Fails: AdapterWeight. */
const shaped = (entries: Entries, name: string, shape: ReadonlyArray<number>) => {
  const entry = entries.get(name)
  const wanted = `shape [${shape.join(", ")}]`
  if (!entry) return Result.fail(new AdapterWeight({ name, found: "is missing", wanted }))
  return entry.shape.length === shape.length && entry.shape.every((size, i) => size === shape[i])
    ? Result.succeed(entry)
    : Result.fail(new AdapterWeight({ name, found: `has shape [${entry.shape.join(", ")}]`, wanted }))
}

/** What an adapter does to each weight of a model; a weight that it does not change has no row. Fails: AdapterWeight. */
const changesOf = (adapter: { readonly entries: Entries; readonly lora: Lora }, parameters: ReadonlyArray<Parameter>) =>
  Result.gen(function* () {
    const { entries, lora } = adapter
    const changes = new Map<string, Change>()
    const used = new Set<string>()
    for (const { name, shape } of parameters) {
      const { down, up } = loraNames(name.replace(/\.weight$/, ""))
      const [out = 0, width = 0] = shape
      if (entries.has(name)) changes.set(name, { whole: yield* shaped(entries, name, shape) })
      else if (entries.has(down) || entries.has(up)) {
        const pair = {
          up: yield* shaped(entries, up, [out, lora.rank]),
          down: yield* shaped(entries, down, [lora.rank, width])
        }
        changes.set(name, pair)
      }
      for (const each of [name, down, up]) used.add(each)
    }
    const stray = [...entries.keys()].find((name) => !used.has(name))
    if (stray === undefined) return changes
    return yield* Result.fail(
      new AdapterWeight({ name: stray, found: "changes nothing that the base has", wanted: "a weight of the base" })
    )
  })

const entryOf = (entries: Entries, name: string): SafetensorsEntry => {
  const entry = entries.get(name)
  if (!entry) throw new RangeError(`Weight "${name}" was not checked before it was read`)
  return entry
}

const weight = (entry: SafetensorsEntry) => Effect.map(loadFloat32(entry), (data) => ({ data, shape: entry.shape }))

/** The tokenizer that lies beside an adapter, or the base's where there is none. */
const tokenizerOf = Effect.fnUntraced(function* (folder: string, base: Checkpoint) {
  const own = yield* readTokenizerFiles(folder)
  const { "tokenizer.json": json } = own
  if (json === undefined) return base.tokenizer
  const files = { ...own, "tokenizer.json": json, "config.json": JSON.stringify(base.configFile) }
  return yield* Effect.fromResult(makeTokenizer(files))
})

/** Where the base of an adapter lies. Fails: BaseMissing. */
const baseOf = Effect.fnUntraced(function* (given: string | undefined, named: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const base = given ?? named ?? ""
  const isThere = yield* Effect.orElseSucceed(fs.exists(path.join(base, "config.json")), () => false)
  if (base !== "" && isThere) return base
  return yield* new BaseMissing({ base, named: given === undefined ? adapterConfigFile : "the caller" })
})

/** Reads weights of a base as an adapter changes them. */
const makeLoad = Effect.fnUntraced(function* (lora: Lora, entries: Entries, changes: Changes) {
  const merge = yield* openMerge(lora)
  return Effect.fnUntraced(function* (name: string) {
    const change = changes.get(name)
    if (change && "whole" in change) return yield* loadFloat32(change.whole)
    const base = yield* weight(entryOf(entries, name))
    return change ? yield* merge(base, { up: yield* weight(change.up), down: yield* weight(change.down) }) : base.data
  })
})

const openAdapted = Effect.fnUntraced(function* (folder: string, base: string | undefined, wanted: Kind | undefined) {
  const fail = (reason: CheckpointError["reason"]) => new CheckpointError({ action: "open", folder, reason })
  const adapter = yield* readAdapter(folder)
  const { kind, lora } = adapter
  if (wanted && kind !== wanted) return yield* fail(new KindDiffers({ found: kind, wanted }))
  const under = yield* openCheckpoint(yield* Effect.mapError(baseOf(base, adapter.base), fail))
  const { config, configFile } = under
  const { family, parameters } = parametersOf(config, kind)
  const changes = yield* Effect.fromResult(Result.mapError(changesOf(adapter, parameters), fail))
  const entries = yield* readCheckpointFiles(under.folder)
  const absent = parameters.find(({ name }) => !entries.has(name) && !changes.has(name))
  if (absent) return yield* fail(new WeightMissing({ ...absent, found: entries.size }))
  const tokenizer = yield* tokenizerOf(folder, under)
  const load = yield* makeLoad(lora, entries, changes)
  return { folder, kind, family, config, configFile, tokenizer, parameters, load } satisfies ModelSource
})

/**
 * Opens a model to be read weight by weight: a model folder, or the folder of a low-rank change and the base beneath it.
 *
 * `base` takes the place of what the adapter's config names; a model folder has none.
 *
 * Fails    CheckpointError, ModelError, TextError, RuntimeError.
 */
export const openSource = Effect.fn("openSource")(function* (
  folder: string,
  options: { readonly kind?: Kind; readonly base?: string | undefined } = {}
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const adapted = yield* Effect.orElseSucceed(fs.exists(path.join(folder, adapterConfigFile)), () => false)
  if (adapted) return yield* openAdapted(folder, options.base, options.kind)
  const { config, configFile, family, kind, parameters, tokenizer } = yield* openCheckpoint(folder, options.kind)
  const entries = yield* readCheckpointFiles(folder)
  const load = (name: string) => loadFloat32(entryOf(entries, name))
  return { folder, kind, family, config, configFile, tokenizer, parameters, load } satisfies ModelSource as ModelSource
})
