import { Effect } from "effect"
import type { DatasetStatistics } from "../../../schemas/mod.ts"
import { escapeText } from "../svg.ts"
import { writeFiles } from "../writeFiles.ts"
import { statisticsHtml } from "./statisticsHtml.ts"
import { statisticsMarkdown } from "./statisticsMarkdown.ts"
import { statisticsSvg } from "./statisticsSvg.ts"

const pageOf = (statistics: DatasetStatistics, title: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeText(title)}</title></head>
<body style="font-family:system-ui,sans-serif">
${statisticsHtml(statistics, title)}</body></html>
`

/** Writes `statistics.json`, `.md`, `.svg` and `.html` into a folder, and gives their paths. Fails: PlatformError. */
export const writeStatistics = Effect.fn("writeStatistics")(function* (
  statistics: DatasetStatistics,
  { folder, title }: { readonly folder: string; readonly title: string }
) {
  const [json = "", markdown = "", svg = "", html = ""] = yield* writeFiles(folder, {
    "statistics.json": `${JSON.stringify(statistics, undefined, 2)}\n`,
    "statistics.md": statisticsMarkdown(statistics),
    "statistics.svg": statisticsSvg(statistics, title),
    "statistics.html": pageOf(statistics, title)
  })
  return { json, markdown, svg, html }
})
