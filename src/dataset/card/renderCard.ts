import { stringify } from "yaml"
import type { DatasetCard } from "./DatasetCard.ts"
import { sizeCategory } from "./sizeCategory.ts"
import { table } from "./table.ts"

/** What was written: rows by split, how the rows are shaped, and which trainer of TRL takes them. */
export interface CardContent {
  readonly splits: ReadonlyArray<{ readonly name: string; readonly rows: number; readonly shards: number }>
  readonly columns: ReadonlyArray<string>
  readonly tags: ReadonlyArray<string>
  readonly trainer: string
  readonly jsonLines: boolean
}

const front = (card: DatasetCard, { splits, tags }: CardContent): string => {
  const total = splits.reduce((sum, { rows }) => sum + rows, 0)
  const ids = card.sources.flatMap(({ id }) => (id === undefined ? [] : [id]))
  return stringify(
    {
      pretty_name: card.title,
      license: card.licence,
      language: card.languages,
      task_categories: ["text-generation"],
      size_categories: [sizeCategory(total)],
      ...(ids.length > 0 ? { source_datasets: ids } : {}),
      tags: [...new Set([...tags, ...(card.tags ?? [])])],
      configs: [
        {
          config_name: "default",
          data_files: splits.map(({ name }) => ({ split: name, path: `data/${name}-*` }))
        }
      ]
    },
    { lineWidth: 0 }
  )
}

const sourcesOf = ({ sources }: DatasetCard): string =>
  table(
    ["source", "id", "revision", "licence", "rows"],
    sources.map(({ id = "", licence, name, revision = "", rows = "" }) => [name, id, revision, licence, rows])
  )

const loading = ({ splits, trainer }: CardContent): string => {
  const split = splits[0]?.name ?? "train"
  return [
    "```python",
    "from datasets import load_dataset",
    `from trl import ${trainer}`,
    "",
    `rows = load_dataset("path/to/this/folder", split="${split}")`,
    `trainer = ${trainer}(model="path/to/model", train_dataset=rows)`,
    "```"
  ].join("\n")
}

const section = (title: string, body: string): string => `## ${title}\n\n${body}`

/** The card of a data set: YAML that the hub and `datasets` read, then what people read. */
export const renderCard = (card: DatasetCard, content: CardContent): string => {
  const { columns, jsonLines, splits } = content
  const splitTable = table(
    ["split", "rows", "files"],
    splits.map(({ name, rows, shards }) => [name, rows, shards])
  )
  const files = jsonLines ? "Parquet under `data`, the same rows as JSON lines under `json`." : "Parquet under `data`."
  const dropped = (card.rules ?? []).map(({ dropped: rows, rule }) => [rule, rows])
  const statistics = card.statistics
  return `${[
    `---\n${front(card, content)}---`,
    `# ${card.title}`,
    ...(card.summary === undefined ? [] : [card.summary]),
    section("Rows", `${splitTable}\n\n${files} Columns: ${columns.map((name) => `\`${name}\``).join(", ")}.`),
    ...(card.sources.length === 0 ? [] : [section("Made of", sourcesOf(card))]),
    ...(dropped.length === 0 ? [] : [section("Rows left out", table(["rule", "rows"], dropped))]),
    ...(statistics === undefined ? [] : [section("Statistics", table(statistics.columns, statistics.rows))]),
    section("How to load", loading(content)),
    section("Licence", `\`${card.licence}\`. Sources keep the licences named above.`)
  ].join("\n\n")}\n`
}
