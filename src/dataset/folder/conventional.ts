/** Data files of a folder by split, and the data files that belong to none. */
export interface Found {
  readonly splits: ReadonlyMap<string, ReadonlyArray<string>>
  readonly left: ReadonlyArray<string>
}

/** What names of folders and files say of their split, in the order of splits. */
const keywords: Readonly<Record<string, string>> = {
  train: "train|training",
  validation: "validation|valid|dev|val",
  test: "test|testing|eval|evaluation"
}

/** Files beside the data, whose names look like data. */
const beside = new Set(["config.json", "dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"])

const kinds: ReadonlyArray<readonly [kind: string, name: RegExp]> = [
  ["parquet", /\.parquet$/],
  ["arrow", /\.arrow$/],
  ["json", /\.(jsonl|ndjson|json)(\.gz|\.zst)?$/],
  ["csv", /\.csv(\.gz|\.zst)?$/],
  ["tsv", /\.tsv(\.gz|\.zst)?$/]
]

const kindOf = (file: string) => kinds.find(([, name]) => name.test(file))?.[0]
const nameOf = (file: string) => file.slice(file.lastIndexOf("/") + 1)
const isData = (file: string) =>
  kindOf(file) !== undefined && !beside.has(nameOf(file)) && !file.split("/").some((part) => /^(\.|__)/.test(part))

/** The kind that most files are of; of as many, the first in the table. */
const mainKind = (files: ReadonlyArray<string>) => {
  const counted = kinds.map(([kind]) => ({ kind, count: files.filter((file) => kindOf(file) === kind).length }))
  return counted.toSorted((a, b) => b.count - a.count)[0]?.kind
}

const shard = /^data\/(\w+(?:\.\w+)*)-\d{5}-of-\d{5}[^/]*$/

const place = (split: string) => [...Object.keys(keywords), split].indexOf(split)

const bySplit = (pairs: ReadonlyArray<readonly [split: string, file: string]>) => {
  const splits = [...new Set(pairs.map(([split]) => split))].toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
  return new Map(
    splits.map((split) => [split, pairs.filter(([other]) => other === split).map(([, file]) => file)] as const)
  )
}

/** Files whose folders, or whose own names, have a keyword between separators. */
const byKeyword = (files: ReadonlyArray<string>, partsOf: (file: string) => ReadonlyArray<string>) =>
  Object.entries(keywords).flatMap(([split, words]) => {
    const said = new RegExp(`(^|[-._ 0-9])(${words})([-._ 0-9]|$)`)
    return files.filter((file) => partsOf(file).some((part) => said.test(part))).map((file) => [split, file] as const)
  })

/**
 * The splits of a folder by the conventional names: shards under `data`, then folders, then files named after a split;
 * without any, all files are "train".
 *
 * Source   "Structure your repository" in the documentation of Hugging Face's data sets.
 * Domain   files of one kind are taken, the one most files are of; all others are in `left`.
 */
export const conventional = (all: ReadonlyArray<string>): Found => {
  const data = all.filter(isData).toSorted()
  const kind = mainKind(data)
  const files = data.filter((file) => kindOf(file) === kind)
  const shards = files.flatMap((file) => {
    const split = shard.exec(file)?.[1]
    return split === undefined ? [] : [[split, file] as const]
  })
  const folders = byKeyword(files, (file) => file.split("/").slice(0, -1))
  const names = byKeyword(files, (file) => [nameOf(file)])
  const chosen =
    [shards, folders, names].find(({ length }) => length > 0) ?? files.map((file) => ["train", file] as const)
  const taken = new Set(chosen.map(([, file]) => file))
  return { splits: bySplit(chosen), left: data.filter((file) => !taken.has(file)) }
}
