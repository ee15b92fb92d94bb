import { createHash } from "node:crypto"
import { Effect, FileSystem, Path } from "effect"
import type { PromptMap } from "../../../schemas/mod.ts"
import { escapeText } from "../svg.ts"
import { hue } from "./hue.ts"

const hashOf = (html: string, tag: "script" | "style"): string => {
  const [, text = ""] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html) ?? []
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`
}

/** A browser runs the script and the style of the template and no other, and asks the network for nothing. */
const policyOf = (html: string): string =>
  `default-src 'none'; script-src ${hashOf(html, "script")}; style-src ${hashOf(html, "style")}; base-uri 'none'; form-action 'none'`

/** JSON in which no tag ends or begins. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c")

const coloured = <A extends object>(groups: ReadonlyArray<A>) =>
  groups.map((group, i) => ({ ...group, colour: hue(i) }))

/** Puts a map into the text of the page; the parts are put in one pass, so that no text of a prompt is read as a place. */
const fill = (template: string, map: PromptMap, title: string): string => {
  const data = { ...map, sources: coloured(map.sources), topics: coloured(map.topics) }
  const parts: Readonly<Record<string, string>> = {
    TITLE: escapeText(title),
    POLICY: policyOf(template),
    DATA: json(data)
  }
  return template.replace(/\{\{(TITLE|POLICY|DATA)\}\}/g, (_, name: string) => parts[name] ?? "")
}

/** The page of a map: one file, to be zoomed, searched and filtered in a browser. Fails: PlatformError. */
export const promptMapPage = Effect.fn("promptMapPage")(function* (map: PromptMap, title: string) {
  const files = yield* FileSystem.FileSystem
  const { fromFileUrl } = yield* Path.Path
  const path = yield* Effect.orDie(fromFileUrl(new URL("./page.html", import.meta.url)))
  return fill(yield* files.readFileString(path), map, title)
})
