import type { PipelineFile } from "../file/PipelineFile.ts"
import type { Result, Results } from "./Results.ts"

const fixed = (digits: number) => (value: number | undefined) => (value === undefined ? "–" : value.toFixed(digits))

const columns: ReadonlyArray<readonly [string, (row: Result) => string]> = [
  ["policy", ({ version }) => version.name],
  ["gold reward", ({ evaluation }) => fixed(3)(evaluation.goldReward)],
  ["proxy reward", ({ evaluation }) => fixed(3)(evaluation.proxyReward)],
  ["win rate", ({ evaluation, role }) => (role === "initial" ? "–" : `${fixed(1)(100 * evaluation.winRate)} %`)],
  ["KL (nats)", ({ evaluation }) => fixed(3)(evaluation.kl)],
  ["tokens", ({ evaluation }) => fixed(1)(evaluation.tokens)],
  ["loss", ({ version }) => fixed(3)(version.training?.loss)],
  ["accuracy", ({ version }) => fixed(3)(version.training?.accuracy)],
  ["seconds", ({ version }) => fixed(1)(version.seconds)]
]

const cells = ({ rows }: Results): ReadonlyArray<ReadonlyArray<string>> => [
  columns.map(([title]) => title),
  ...rows.map((row) => columns.map(([, cell]) => cell(row)))
]

const pad = (text: string, width: number, column: number) => (column === 0 ? text.padEnd(width) : text.padStart(width))

/** The one sentence a run ends with. */
export const conclusion = ({ pipeline, selected }: Results): string => {
  const { best } = pipeline.select
  const found = selected.evaluation[best]
  return `Selected ${selected.version.name} with the highest ${best} (${fixed(3)(found)}): ${selected.version.folder}`
}

/** The results table as text for a terminal. */
export const formatResults = (results: Results): string => {
  const table = cells(results)
  const widths = columns.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) => row.map((text, column) => pad(text, widths[column] ?? 0, column)).join("  "))
  const rule = widths.map((width) => "─".repeat(width)).join("  ")
  return [lines[0], rule, ...lines.slice(1), "", conclusion(results)].join("\n")
}

const line = (row: ReadonlyArray<string>): string => `| ${row.join(" | ")} |`

const settings = ({
  iterations,
  models,
  prompts,
  seed,
  train
}: PipelineFile): ReadonlyArray<readonly [string, unknown]> => [
  ["seed", seed],
  ["iterations", iterations],
  ["prompts per iteration", prompts.perIteration],
  ["reference of DPO", models.reference],
  ["loss", JSON.stringify(train.loss)],
  ["optimizer", JSON.stringify(train.optimizer)],
  ["schedule", JSON.stringify(train.schedule)],
  ["pairs per optimizer step", train.batchSize],
  ["passes over the pairs", train.epochs]
]

/** The results as a Markdown page. */
export const reportResults = (results: Results): string => {
  const [head = [], ...rows] = cells(results)
  const align = head.map((_, column) => (column === 0 ? ":--" : "--:"))
  const left =
    results.overlong === 0 ? [] : [`${results.overlong} prompts left no room for a response and were left out.`, ""]
  return [
    `# ${results.name}`,
    "",
    line(head),
    line(align),
    ...rows.map(line),
    "",
    "Win rate is against π₀ on the same prompts, ties count one half. Loss and accuracy are means over the last pass of training.",
    "",
    ...left,
    conclusion(results),
    "",
    "| setting | value |",
    "| :-- | :-- |",
    ...settings(results.pipeline).map(([name, value]) => line([name, String(value)])),
    "",
    "`run.json` holds the whole pipeline and the versions; `metrics.jsonl` holds every training step.",
    ""
  ].join("\n")
}

/** The results as plain data, for `table.json` and `--json`. */
export const resultsData = (results: Results) => ({
  name: results.name,
  folder: results.folder,
  rows: results.rows.map(({ evaluation, role, version }) => ({
    policy: version.name,
    role,
    folder: version.folder,
    ...evaluation,
    ...(version.training
      ? { loss: version.training.loss, accuracy: version.training.accuracy, steps: version.training.steps }
      : {}),
    seconds: version.seconds
  })),
  overlong: results.overlong,
  selected: {
    policy: results.selected.version.name,
    folder: results.selected.version.folder,
    best: results.pipeline.select.best
  }
})
