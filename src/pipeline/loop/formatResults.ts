import type { PipelineFile } from "../file/PipelineFile.ts"
import type { Result, Results } from "./Results.ts"

const fixed = (digits: number) => (value: number | undefined) => (value === undefined ? "–" : value.toFixed(digits))

type Columns = ReadonlyArray<readonly [string, (row: Result) => string]>

const columns: Columns = [
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

/** The columns that an evaluation fills; the others tell of the training. */
const evaluated = columns.slice(0, 6)

const cells = (rows: ReadonlyArray<Result>, shown: Columns): ReadonlyArray<ReadonlyArray<string>> => [
  shown.map(([title]) => title),
  ...rows.map((row) => shown.map(([, cell]) => cell(row)))
]

/** What stands over the second table. */
const testTitle = ({ test }: Results): string =>
  `On test prompts, which no choice has seen (${test[0]?.evaluation.responses ?? 0} responses each):`

const pad = (text: string, width: number, column: number) => (column === 0 ? text.padEnd(width) : text.padStart(width))

/** The one sentence a run ends with. */
export const conclusion = ({ pipeline, selected }: Results): string => {
  const { best } = pipeline.select
  const found = selected.evaluation[best]
  return `Selected ${selected.version.name} with the highest ${best} (${fixed(3)(found)}): ${selected.version.folder}`
}

const textTable = (rows: ReadonlyArray<Result>, shown: Columns): ReadonlyArray<string> => {
  const table = cells(rows, shown)
  const widths = shown.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) => row.map((text, column) => pad(text, widths[column] ?? 0, column)).join("  "))
  const rule = widths.map((width) => "─".repeat(width)).join("  ")
  return [lines[0] ?? "", rule, ...lines.slice(1)]
}

/** The results tables as text for a terminal. */
export const formatResults = (results: Results): string => {
  const test = results.test.length === 0 ? [] : [testTitle(results), "", ...textTable(results.test, evaluated), ""]
  return [...textTable(results.rows, columns), "", ...test, conclusion(results)].join("\n")
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

const markdownTable = (rows: ReadonlyArray<Result>, shown: Columns): ReadonlyArray<string> => {
  const [head = [], ...body] = cells(rows, shown)
  const align = head.map((_, column) => (column === 0 ? ":--" : "--:"))
  return [line(head), line(align), ...body.map(line)]
}

/** The results as a Markdown page. */
export const reportResults = (results: Results): string => {
  const test = results.test.length === 0 ? [] : [testTitle(results), "", ...markdownTable(results.test, evaluated), ""]
  const left =
    results.overlong === 0 ? [] : [`${results.overlong} prompts left no room for a response and were left out.`, ""]
  return [
    `# ${results.name}`,
    "",
    ...markdownTable(results.rows, columns),
    "",
    "Win rate is against π₀ on the same prompts, ties count one half. Loss and accuracy are means over the last pass of training.",
    "",
    ...test,
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
  ...(results.test.length === 0
    ? {}
    : { test: results.test.map(({ evaluation, role, version }) => ({ policy: version.name, role, ...evaluation })) }),
  overlong: results.overlong,
  selected: {
    policy: results.selected.version.name,
    folder: results.selected.version.folder,
    best: results.pipeline.select.best
  }
})
