/** A cell that breaks neither its row nor its table. */
const cell = (value: string | number): string =>
  String(value)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\|<]/g, (character) => `\\${character}`)

const line = (cells: ReadonlyArray<string | number>): string => `| ${cells.map(cell).join(" | ")} |`

/** A table in Markdown. */
export const table = (columns: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string | number>>): string =>
  [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n")
