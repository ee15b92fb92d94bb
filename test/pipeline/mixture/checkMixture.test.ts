import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { withFiles } from "../small.ts"
import { folderOf, readIn } from "./mixed.ts"

const text = `name: wrong
kind: preferences
sources:
  - { dataset: shp, path: "\${folder}/a.jsonl" }
`

/** What is said of a mixture without the path of its folder. */
const said = (written: string, set: ReadonlyArray<string> = []) =>
  Effect.gen(function* () {
    const folder = yield* folderOf({ "a.jsonl": [] })
    const { message } = yield* Effect.flip(readIn(folder, written, set))
    return message.replaceAll(folder, "").split("\n")
  }).pipe(withFiles)

const refuses = (name: string, written: string, lines: ReadonlyArray<string>) =>
  it.effect(name, () => Effect.map(said(written), (found) => assert.deepStrictEqual(found, lines)))

describe("readMixture()", () => {
  refuses(
    "tells an unknown key with its place and the nearest names, at the top, in a source and in a rule",
    `${text}splitt: {}
filters: [{ margin: { minimun: 1 } }]
`.replace("path:", "paht:"),
    [
      'Cannot read "/mixture.yaml": 4 problems',
      '  5:1 splitt: unknown key, did you mean "split"? (known: name, seed, kind, arguments, sources, exhausted, filters, take, benchmarks, tokenizer, order, shuffle, split, export, card, out)',
      '  4:21 sources.0.paht: unknown key, did you mean "path"? (known: name, dataset, path, format, config, split, revision, limit, filters, take, pick, weight, licence)',
      '  6:23 filters.0.margin.minimun: unknown key, did you mean "minimum"? (known: minimum)',
      "  6:13 filters.0.margin.minimum: is missing"
    ]
  )

  it.effect("refuses numbers out of their domain and kinds that are not mixed", () =>
    Effect.gen(function* () {
      const set = ["kind=candidates", "sources.0.weight=0", "export.formats=[jsonLines]", "shuffle.memory=1 parsec"]
      const found = yield* said(text, set)
      assert.deepStrictEqual(found.slice(0, 1), ['Cannot read "/mixture.yaml": 4 problems'])
      for (const [i, assignment] of set.entries())
        assert.isTrue(
          found.some((line) => line.startsWith(`  --set ${assignment} `)),
          `${i}: ${found.join("\n")}`
        )
    })
  )
})

describe("checkMixture()", () => {
  refuses(
    "tells all that is wrong with what a mixture names: kinds, files, rules, names, shares",
    `name: wrong
kind: preferences
sources:
  - { dataset: slimOrca, path: nowhere }
  - { name: x }
  - { name: x, revision: v1, path: "\${folder}/a.jsonl" }
  - { dataset: shp, format: alpaca }
filters:
  - decontaminate: { against: [gsm] }
benchmarks: { gsm8k: { path: absent.jsonl, fields: [question] } }
split: { shares: { "a b": 0 } }
`,
    [
      'Cannot check "/mixture.yaml": 10 problems',
      '  4:7 sources.0.dataset: data set "slimOrca" holds demonstrations, wanted preferences (as kind says)',
      '  4:26 sources.0.path: found no "nowhere", wanted a file or folder',
      "  5:5 sources.1: has neither dataset nor path, wanted at least one",
      '  6:16 sources.2.revision: is of the hub, but the rows lie in "/a.jsonl"',
      '  7:21 sources.3.format: is told by data set "shp" already, wanted one of dataset and format',
      '  6:5 sources.2: is called "x" as source 1 is, wanted a name of its own',
      '  8:1 filters: rule "decontaminate": found benchmark "gsm", wanted a known one (known are gsm8k)',
      '  10:24 benchmarks.gsm8k.path: found no "absent.jsonl", wanted a file or folder',
      "  11:10 split.shares: found shares of 0 alone, wanted at least one name with a share above 0",
      "  11:20 split.shares.a b: is no name of letters, digits and _"
    ]
  )

  it.effect("tells rules that do not fit the records, and those that ask for a tokenizer", () =>
    Effect.gen(function* () {
      const prompts = "name: p\nkind: prompts\nsources: [{ dataset: shp }]\nfilters: [{ ties: {} }]\n"
      assert.deepStrictEqual(yield* said(prompts), [
        'Cannot check "/mixture.yaml": 4:1 filters: rule "ties": found records of kind "prompts", wanted "comparisons"'
      ])
      assert.deepStrictEqual(yield* said(text, ["filters=[{ tokens: { maximum: 10 } }]"]), [
        'Cannot check "/mixture.yaml": --set filters=[{ tokens: { maximum: 10 } }] filters: rule "tokens": found no tokenizer, wanted one to count tokens with'
      ])
    })
  )
})
