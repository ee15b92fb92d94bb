import { Effect, FileSystem, Path } from "effect"
import type { PromptMap } from "../../../schemas/mod.ts"
import { promptMapPage } from "./promptMapPage.ts"
import { promptMapSvg } from "./promptMapSvg.ts"

/** Writes `prompt-map.html`, two pictures and `prompt-map.json` into a folder, and gives their paths. Fails: PlatformError. */
export const writePromptMap = Effect.fn("writePromptMap")(function* (
  map: PromptMap,
  options: { readonly folder: string; readonly title: string }
) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const { folder, title } = options
  yield* files.makeDirectory(folder, { recursive: true })
  const write = Effect.fnUntraced(function* (name: string, text: string) {
    const path = join(folder, name)
    yield* files.writeFileString(`${path}.tmp`, text)
    yield* files.rename(`${path}.tmp`, path)
    return path
  })
  return {
    json: yield* write("prompt-map.json", `${JSON.stringify(map)}\n`),
    sources: yield* write("prompt-map-sources.svg", promptMapSvg(map, { title, colour: "source" })),
    topics: yield* write("prompt-map-topics.svg", promptMapSvg(map, { title, colour: "topic" })),
    html: yield* write("prompt-map.html", yield* promptMapPage(map, title))
  }
})
