import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { gardenFiles } from "../../fixtures/garden/generate.ts"

const committed = (path: string): string => readFileSync(`fixtures/garden/${path}`, "utf8")

const requests = (path: string): ReadonlyArray<string> =>
  committed(path)
    .split("\n")
    .filter((line) => line !== "")
    .map((line): string => JSON.parse(line).messages[0].content)

it("gardenFiles() gives the committed files, byte for byte", () => {
  const files = gardenFiles({ verbosity: 0 })
  assert.deepStrictEqual(
    Object.entries(files).flatMap(([path, text]) => (text === committed(path) ? [] : [path])),
    []
  )
  assert.includeMembers(Object.keys(files), ["test.jsonl", "validation.jsonl", "model/tokenizer.json"])
})

it("fixtures/garden/test.jsonl has no request that any other file has", () => {
  const others = ["demonstrations", "preferences", "prompts", "validation"].flatMap((name) => requests(`${name}.jsonl`))
  const test = requests("test.jsonl")
  assert.deepStrictEqual([test.length, new Set([...others, ...test]).size], [256, new Set(others).size + 256])
})
