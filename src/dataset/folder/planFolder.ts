import { matchesGlob } from "node:path"
import { Result } from "effect"
import { archiveOf } from "../../arrow/mod.ts"
import { conventional, type Found } from "./conventional.ts"
import { ConfigUnknown, FilesMissing, type FolderError, PathOutside } from "./errors.ts"
import { type Config, readCard } from "./readCard.ts"

/** The splits of one configuration, and the names of all configurations. */
export interface Plan extends Found {
  readonly config: string
  readonly configs: ReadonlyArray<string>
}

type Failure = FolderError["reason"]

const chooseConfig = (configs: ReadonlyArray<Config>, name: string | undefined): Result.Result<Config, Failure> => {
  const known = configs.map(({ config_name }) => config_name)
  const chosen =
    name === undefined
      ? (configs.find((config) => config.default === true) ??
        configs.find(({ config_name }) => config_name === "default") ??
        (configs.length === 1 ? configs[0] : undefined))
      : configs.find(({ config_name }) => config_name === name)
  if (chosen !== undefined) return Result.succeed(chosen)
  return Result.fail(new ConfigUnknown({ ...(name === undefined ? {} : { config: name }), known }))
}

/** What a configuration says of its files: patterns by split. */
const patternsOf = ({
  data_files = []
}: Config): ReadonlyArray<readonly [split: string, patterns: ReadonlyArray<string>]> => {
  const listed = typeof data_files === "string" ? [data_files] : data_files
  const plain = listed.filter((each) => typeof each === "string")
  const named = listed.filter((each) => typeof each !== "string")
  return [
    ...(plain.length > 0 ? [["train", plain] as const] : []),
    ...named.map(({ path, split }) => [split, typeof path === "string" ? [path] : path] as const)
  ]
}

const under = (folder: string, path: string) => [folder, path].join("/").replace(/^\/+/, "").replaceAll(/\/+/g, "/")
const trim = (path: string) => path.replace(/^(\.\/)+/, "")

/** Files that a pattern names, by name. */
export const match = (files: ReadonlyArray<string>, pattern: string): Result.Result<ReadonlyArray<string>, Failure> => {
  if (pattern.startsWith("/") || /\\|^[A-Za-z][A-Za-z0-9+.-]*:|(^|\/)\.\.(\/|$)/.test(pattern))
    return Result.fail(new PathOutside({ found: pattern }))
  const found = files.filter((file) => matchesGlob(file, pattern)).toSorted()
  return found.length > 0 ? Result.succeed(found) : Result.fail(new FilesMissing({ pattern }))
}

const planConfig = (files: ReadonlyArray<string>, config: Config): Result.Result<Found, Failure> => {
  const folder = trim(config.data_dir ?? "").replace(/\/+$/, "")
  if (folder.startsWith("/") || folder.split("/").includes("..")) return Result.fail(new PathOutside({ found: folder }))
  const patterns = patternsOf(config)
  if (patterns.length === 0) {
    const inside = folder === "" ? files : files.filter((file) => file.startsWith(`${folder}/`))
    return Result.succeed(conventional(inside))
  }
  const matched = patterns.map(([split, each]) =>
    Result.map(
      Result.all(each.map((pattern) => match(files, folder === "" ? trim(pattern) : under(folder, trim(pattern))))),
      (found) => [split, [...new Set(found.flat())]] as const
    )
  )
  return Result.map(Result.all(matched), (splits) => ({ splits: new Map(splits), left: [] }))
}

/**
 * Which files are the splits of a configuration: as the card says, or by their names where it says nothing.
 *
 * Domain   `files` below the folder, parts separated by "/"; without a name the default configuration is meant.
 * Fails    DescriptionInvalid, ConfigUnknown, PathOutside, FilesMissing
 */
export const planFolder = (
  files: ReadonlyArray<string>,
  card: string,
  name: string | undefined
): Result.Result<Plan, Failure> =>
  Result.gen(function* () {
    const said = yield* readCard(card)
    const configs = said.length > 0 ? said : [{ config_name: "default" }]
    const config = yield* chooseConfig(configs, name)
    const found = yield* planConfig(files, config)
    const archives = files.filter((file) => archiveOf(file) !== undefined)
    if (found.splits.size === 0)
      return yield* Result.fail(
        new FilesMissing({
          pattern: "**/*.{parquet,arrow,jsonl,json,csv,tsv}",
          ...(archives.length > 0 ? { archives } : {})
        })
      )
    return { ...found, config: config.config_name, configs: configs.map(({ config_name }) => config_name) }
  })
