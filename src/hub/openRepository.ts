import { Effect, FileSystem, Path, Schema, Semaphore } from "effect"
import { listFolder } from "../dataset/folder/mod.ts"
import { askCommit, askFiles } from "./askHub.ts"
import { cacheLayout, isCommit } from "./cacheLayout.ts"
import { download } from "./download.ts"
import { Entry, outside } from "./Entry.ts"
import { FileDiffers, NotCached, PathRefused } from "./errors.ts"
import type { HubSettings } from "./readSettings.ts"

const Entries = Schema.fromJsonString(Schema.Array(Entry))

/** A data set at one commit: its files, and how one of them comes into the cache. */
const makeCache = Effect.fnUntraced(function* (settings: HubSettings, id: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const layout = cacheLayout(path.join, settings.cache, id)
  const replace = Effect.fnUntraced(function* (file: string, text: string) {
    yield* fs.makeDirectory(path.dirname(file), { recursive: true })
    yield* fs.writeFileString(`${file}.tmp`, text)
    yield* fs.rename(`${file}.tmp`, file)
  })
  /** What a commit holds, where it was asked before. */
  const listed = Effect.fnUntraced(function* (sha: string) {
    const text = yield* Effect.option(fs.readFileString(layout.listing(sha)))
    if (text._tag === "None") return undefined
    return yield* Effect.orElseSucceed(Schema.decodeUnknownEffect(Entries)(text.value), () => undefined)
  })
  /** Gives a blob its name in a snapshot; where links are refused, as a copy. */
  const link = Effect.fnUntraced(function* (blob: string, pointer: string) {
    yield* fs.makeDirectory(path.dirname(pointer), { recursive: true })
    yield* fs.remove(pointer, { force: true })
    const linked = fs.symlink(path.relative(path.dirname(pointer), blob), pointer)
    yield* Effect.catch(linked, () => fs.copyFile(blob, pointer))
  })
  return { fs, path, layout, replace, listed, link }
})

/** A data set as the cache alone has it. */
const openOffline = Effect.fnUntraced(function* (settings: HubSettings, id: string, revision: string) {
  const { fs, layout, listed } = yield* makeCache(settings, id)
  const { cache } = settings
  const missing = (what: string) => new NotCached({ cache, missing: what })
  const ref = Effect.mapError(fs.readFileString(layout.ref(revision)), () => missing(`revision "${revision}"`))
  const sha = isCommit(revision) ? revision : (yield* ref).trim()
  if (!isCommit(sha)) return yield* missing(`revision "${revision}"`)
  const entries = yield* listed(sha)
  const lying = listFolder(layout.snapshot(sha)).pipe(Effect.mapError(() => missing(`commit "${sha}"`)))
  const files = entries?.map(({ path }) => path) ?? (yield* lying)
  const get = Effect.fnUntraced(function* (file: string) {
    const pointer = layout.pointer(sha, file)
    return (yield* fs.exists(pointer)) ? pointer : yield* missing(`file "${file}"`)
  })
  return { sha, folder: layout.snapshot(sha), files, get }
})

const openOnline = Effect.fnUntraced(function* (settings: HubSettings, id: string, revision: string) {
  const { fs, layout, link, listed, path, replace } = yield* makeCache(settings, id)
  const sha = isCommit(revision) ? revision : yield* askCommit(settings, id, revision)
  const before = yield* listed(sha)
  const entries = before ?? (yield* askFiles(settings, id, sha))
  const found = outside(entries)
  if (found !== undefined) return yield* new PathRefused({ found })
  if (before === undefined) yield* replace(layout.listing(sha), JSON.stringify(entries))
  if (sha !== revision) yield* replace(layout.ref(revision), sha)
  /** One turn for each blob: files of the same content are one blob, which is downloaded once. */
  const turns = new Map(entries.map(({ oid }) => [oid, Semaphore.makeUnsafe(1)]))
  const get = Effect.fnUntraced(function* (file: string) {
    const pointer = layout.pointer(sha, file)
    if (yield* fs.exists(pointer)) return pointer
    const entry = entries.find((each) => each.path === file)
    if (entry === undefined)
      return yield* new FileDiffers({ file, found: "no such file", wanted: "a file of the commit" })
    const blob = layout.blob(entry.oid)
    yield* fs.makeDirectory(path.dirname(blob), { recursive: true })
    const encoded = file.split("/").map(encodeURIComponent).join("/")
    const url = `${settings.endpoint}/datasets/${id}/resolve/${sha}/${encoded}`
    const had = Effect.flatMap(fs.exists(blob), (isThere) =>
      isThere ? Effect.void : download(settings, { url, entry, into: blob })
    )
    yield* turns.get(entry.oid)?.withPermits(1)(had) ?? had
    yield* link(blob, pointer)
    return pointer
  })
  return { sha, folder: layout.snapshot(sha), files: entries.map((entry) => entry.path), get }
})

/**
 * A data set at one commit: its files, and what brings one of them into the cache and gives its path.
 *
 * Fails    HubReason, PlatformError
 */
export const openRepository = (settings: HubSettings, id: string, revision: string) =>
  settings.offline ? openOffline(settings, id, revision) : openOnline(settings, id, revision)
