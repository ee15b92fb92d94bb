/**
 * A map of prompts, Fig. 5: similar prompts near each other, by source and by topic.
 *
 * ```ts
 * const encoder = yield* openEncoder("models/all-MiniLM-L6-v2")
 * const map = yield* makePromptMap(prompts, { encoder, seed: 0 })
 * yield* writePromptMap(map, { folder: "map", title: "Prompts" })
 * ```
 */
export { makePromptMap, type PromptMapOptions, type SourcedPrompt } from "./makePromptMap.ts"
export { promptMapPage } from "./promptMapPage.ts"
export { promptMapSvg } from "./promptMapSvg.ts"
export { writePromptMap } from "./writePromptMap.ts"
