import { Effect, FileSystem, Path } from "effect"
import { checkMixture, mixData, readMixture } from "../../../src/pipeline/mixture/mod.ts"
import { statisticsTable } from "../../../src/report/mod.ts"

/** A folder that lives as long as the test, with files of JSON lines in it. */
export const folderOf = Effect.fnUntraced(function* (files: Readonly<Record<string, ReadonlyArray<unknown>>>) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const folder = yield* fs.makeTempDirectoryScoped()
  for (const [name, rows] of Object.entries(files))
    yield* fs.writeFileString(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
  return folder
})

/** A preference of one short turn. */
export const pair = (promptId: string, more: object = {}) => ({
  promptId,
  messages: [{ role: "user", content: `ask ${promptId}` }],
  chosen: `good ${promptId}`,
  rejected: "bad",
  margin: 0,
  ...more
})

/** As many preferences as wanted, their ids after a name. */
export const pairs = (name: string, count: number) => Array.from({ length: count }, (_, i) => pair(`${name}${i}`))

/** A mixture of a text below a folder, whose name stands for `${folder}`. */
export const readIn = Effect.fnUntraced(function* (folder: string, text: string, set: ReadonlyArray<string> = []) {
  const fs = yield* FileSystem.FileSystem
  const path = `${folder}/mixture.yaml`
  yield* fs.writeFileString(path, text.replaceAll("${folder}", folder))
  return yield* checkMixture(yield* readMixture(path, set))
})

/** Makes a mixture in a folder. */
export const mixIn = Effect.fnUntraced(function* (folder: string, text: string, set: ReadonlyArray<string> = []) {
  const { file } = yield* readIn(folder, text, set)
  return yield* mixData({ file, onError: "stop", tableOf })
})

export const tableOf: Parameters<typeof mixData>[0]["tableOf"] = (statistics) => {
  const { heads, rows } = statisticsTable(statistics)
  return { columns: heads.map(({ head }) => head), rows }
}

/** The ids of the rows of a split, in their order. */
export const idsOf = Effect.fnUntraced(function* (out: string, split = "train") {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(`${out}/json/${split}-00000-of-00001.jsonl`)
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { readonly promptId: string }).promptId) // as: our own file
})
