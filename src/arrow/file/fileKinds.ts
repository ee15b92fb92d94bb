/** How bytes are packed: not at all, or as the whole file. */
export type Packing = "none" | "gzip" | "zstd"

/** What a file kind is called in errors, and the endings of its names. */
export interface KindNames {
  readonly title: string
  readonly endings: ReadonlyArray<string>
}

/** The kinds of files that rows are read from. */
export const fileKinds = {
  jsonl: { title: "JSON lines", endings: [".jsonl", ".ndjson"] },
  json: { title: "one JSON document", endings: [".json"] },
  csv: { title: "CSV", endings: [".csv"] },
  tsv: { title: "TSV", endings: [".tsv"] },
  text: { title: "lines of text", endings: [".txt"] },
  parquet: { title: "Parquet", endings: [".parquet"] },
  arrow: { title: "Arrow IPC", endings: [".arrow", ".feather", ".ipc"] }
} as const satisfies Readonly<Record<string, KindNames>>

export type FileKind = keyof typeof fileKinds

const packings: Readonly<Record<string, Packing>> = { ".gz": "gzip", ".zst": "zstd" }

const kinds: Readonly<Record<string, FileKind>> = Object.fromEntries(
  // entries of a literal table keep its keys
  (Object.keys(fileKinds) as ReadonlyArray<FileKind>).flatMap((kind) =>
    fileKinds[kind].endings.map((ending) => [ending, kind])
  )
)

/** The endings that name a kind, in order. */
export const knownEndings: ReadonlyArray<string> = Object.keys(kinds)

const endingOf = (name: string): string => /\.[^./\\]*$/.exec(name)?.[0].toLowerCase() ?? ""

/** What a file is, by its name alone; the kind is undefined where no kind ends so. */
export const kindOfName = (path: string): { readonly kind: FileKind | undefined; readonly packing: Packing } => {
  const outer = endingOf(path)
  const packing = packings[outer] ?? "none"
  return { kind: kinds[packing === "none" ? outer : endingOf(path.slice(0, -outer.length))], packing }
}
