import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { type FolderOptions, resolveFolder } from "../../src/dataset/folder/mod.ts"
import { withFile } from "../arrow/temporary.ts"

/** The files found in a folder of these texts: "config/split path". */
const resolve = (files: Readonly<Record<string, string>>, options: FolderOptions = {}) =>
  withFile("data", (folder) =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { dirname, join } = yield* Path.Path
      for (const [name, text] of Object.entries(files)) {
        yield* fs.makeDirectory(dirname(join(folder, name)), { recursive: true })
        yield* fs.writeFileString(join(folder, name), text)
      }
      const resolved = yield* resolveFolder(folder, options).pipe(
        Effect.mapError((error) => (error._tag === "FolderError" ? error.reason : error))
      )
      const found = resolved.files.map(
        ({ config, path, split }) => `${config}/${split} ${path.slice(folder.length + 1)}`
      )
      return { found, left: resolved.left }
    })
  ).pipe(Effect.provide(Path.layer))

const named = (...names: ReadonlyArray<string>) => Object.fromEntries(names.map((name) => [name, ""]))
const card = (yaml: string) => ({ "README.md": `---\n${yaml}\n---\n# Data\n` })

const state = (...names: ReadonlyArray<string>) =>
  JSON.stringify({ _data_files: names.map((filename) => ({ filename })), _split: null })

const two = `configs:
- config_name: main
  default: true
  data_files:
  - split: train
    path: ["a/*.parquet", "b/one.parquet"]
  - split: test
    path: "{c,d}/*.parquet"
- config_name: small
  data_files: b/*.parquet`
const parts = named("a/2.parquet", "a/1.parquet", "b/one.parquet", "c/1.parquet", "d/1.parquet", "e/1.parquet")

const conventions: ReadonlyArray<readonly [string, Record<string, string>, ReadonlyArray<string>]> = [
  [
    "shards under data, by split",
    named(
      "data/test-00000-of-00001.parquet",
      "data/train-00001-of-00002-x.parquet",
      "data/train-00000-of-00002.parquet"
    ),
    [
      "default/train data/train-00000-of-00002.parquet",
      "default/train data/train-00001-of-00002-x.parquet",
      "default/test data/test-00000-of-00001.parquet"
    ]
  ],
  [
    "folders named after splits",
    named("dev/a.jsonl", "training/a.jsonl"),
    ["default/train training/a.jsonl", "default/validation dev/a.jsonl"]
  ],
  [
    "files named after splits",
    named("my_train.jsonl.gz", "my-eval.jsonl"),
    ["default/train my_train.jsonl.gz", "default/test my-eval.jsonl"]
  ],
  [
    "any other files as train",
    named("b.csv", "a.csv", ".hidden.csv", "__x/c.csv"),
    ["default/train a.csv", "default/train b.csv"]
  ]
]

describe("resolveFolder()", () => {
  for (const [what, files, wanted] of conventions) {
    it.effect(`takes ${what}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual((yield* resolve(files)).found, wanted)
      })
    )
  }

  it.effect("takes files of the kind that most are of, and names what it leaves", () =>
    Effect.gen(function* () {
      const files = named("a.parquet", "b.parquet", "notes.csv", "dataset_infos.json")
      assert.deepStrictEqual(yield* resolve(files), {
        found: ["default/train a.parquet", "default/train b.parquet"],
        left: ["notes.csv"]
      })
    })
  )

  it.effect("follows the card: the default configuration, or the one asked for", () =>
    Effect.gen(function* () {
      const main = ["main/train a/1.parquet", "main/train a/2.parquet", "main/train b/one.parquet"]
      const test = ["main/test c/1.parquet", "main/test d/1.parquet"]
      assert.deepStrictEqual((yield* resolve({ ...card(two), ...parts })).found, [...main, ...test])
      assert.deepStrictEqual((yield* resolve({ ...card(two), ...parts }, { split: "test" })).found, test)
      const small = yield* resolve({ ...card(two), ...parts }, { config: "small" })
      assert.deepStrictEqual(small.found, ["small/train b/one.parquet"])
    })
  )

  it.effect("follows data_dir, with the conventional names below it", () =>
    Effect.gen(function* () {
      const files = {
        ...card("configs:\n- config_name: x\n  data_dir: ./deep"),
        ...named("deep/test.csv", "train.csv")
      }
      assert.deepStrictEqual((yield* resolve(files)).found, ["x/test deep/test.csv"])
    })
  )

  it.effect("follows the state files of save_to_disk", () =>
    Effect.gen(function* () {
      const shards = named(
        "train/data-00000-of-00002.arrow",
        "train/data-00001-of-00002.arrow",
        "test/x.arrow",
        "test/old.arrow"
      )
      const files = {
        "dataset_dict.json": '{"splits": ["train", "test"]}',
        "train/state.json": state("data-00000-of-00002.arrow", "data-00001-of-00002.arrow"),
        "test/state.json": state("x.arrow"),
        ...shards
      }
      assert.deepStrictEqual((yield* resolve(files)).found, [
        "default/train train/data-00000-of-00002.arrow",
        "default/train train/data-00001-of-00002.arrow",
        "default/test test/x.arrow"
      ])
      const single = { "state.json": state("x.arrow"), "x.arrow": "" }
      assert.deepStrictEqual((yield* resolve(single)).found, ["default/train x.arrow"])
      const away = yield* Effect.flip(resolve({ "state.json": state("../x.arrow") }))
      assert.strictEqual(away.message, 'found path "../x.arrow", wanted one that stays inside the folder')
    })
  )

  const refusals: ReadonlyArray<readonly [string, Record<string, string>, FolderOptions, RegExp]> = [
    [
      "an unknown configuration",
      { ...card(two), ...parts },
      { config: "big" },
      /found configuration "big", wanted one of "main", "small"/
    ],
    [
      "an unknown split",
      { ...card(two), ...parts },
      { split: "dev" },
      /found split "dev", wanted one of "train", "test"/
    ],
    [
      "several configurations without a default",
      card("configs:\n- config_name: a\n- config_name: b"),
      {},
      /found no name of a configuration, wanted one of "a", "b"/
    ],
    [
      "a pattern that leads outside",
      card("configs:\n- config_name: a\n  data_files: ../*.csv"),
      {},
      /found path "\.\.\/\*\.csv", wanted one that stays inside/
    ],
    [
      "an address",
      card("configs:\n- config_name: a\n  data_files: https://x.y/z.csv"),
      {},
      /found path "https:\/\/x\.y\/z\.csv"/
    ],
    [
      "a pattern without files",
      card("configs:\n- config_name: a\n  data_files: '*.csv'"),
      {},
      /found no file "\*\.csv", wanted at least one/
    ],
    ["a card that is not YAML", card("a: [b"), {}, /"README\.md": found .*, wanted YAML between two lines ---/],
    ["a card of another shape", card("configs: 5"), {}, /"README\.md": found .*, wanted configs with config_name/],
    ["a folder without data", named("notes.md"), {}, /found no file/],
    [
      "a folder of archives",
      named("data/a.zip", "b.tar.gz"),
      {},
      /the data may be in "b.tar.gz", "data\/a.zip": unpack it/
    ]
  ]
  for (const [what, files, options, message] of refusals) {
    it.effect(`refuses ${what}`, () =>
      Effect.gen(function* () {
        assert.match((yield* Effect.flip(resolve(files, options))).message, message)
      })
    )
  }

  it.effect("takes the files that patterns name for the split, whatever a card says, each once", () =>
    Effect.gen(function* () {
      const files = ["a/*.parquet", "{a,c}/1.parquet"]
      const found = yield* resolve({ ...parts, ...card(two) }, { files, split: "test" })
      assert.deepStrictEqual(found, {
        found: ["default/test a/1.parquet", "default/test a/2.parquet", "default/test c/1.parquet"],
        left: []
      })
      const none = yield* Effect.flip(resolve(parts, { files: ["x/*.parquet"] }))
      assert.match(none.message, /found no file "x\/\*\.parquet", wanted at least one/)
    })
  )

  it.effect("names a folder that is not there", () =>
    withFile("none", (folder) =>
      Effect.gen(function* () {
        const { message } = yield* Effect.flip(resolveFolder(folder))
        assert.strictEqual(
          message,
          `Cannot find data in "${folder}": found no such folder, wanted a folder of data files`
        )
      }).pipe(Effect.provide(Path.layer))
    )
  )
})
