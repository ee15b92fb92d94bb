import { Effect } from "effect"
import type { DatasetStatistics } from "../../../schemas/mod.ts"
import { escapeText } from "../svg.ts"
import { writeFiles } from "../writeFiles.ts"
import { statisticsHtml } from "./statisticsHtml.ts"
import { statisticsMarkdown } from "./statisticsMarkdown.ts"
import { statisticsSvg } from "./statisticsSvg.ts"

/** Light or dark as the reader has it; what is wider than the page scrolls by itself; pictures are light. */
const style = `:root{color-scheme:light dark}
body{background:Canvas;color:CanvasText;font:1rem/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:72rem}
h2{overflow-wrap:anywhere}
table{display:block;overflow-x:auto;border-collapse:collapse}
thead{border-bottom:1px solid GrayText}
svg{max-width:100%;height:auto}`

const pageOf = (statistics: DatasetStatistics, title: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title><style>${style}</style></head>
<body>
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
