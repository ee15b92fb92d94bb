import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "vitest"
import { datasets } from "../../src/dataset/mod.ts"
import { crab, fir, lines, trlPairs } from "./pairs.ts"
import { said } from "./said.ts"
import { temporaryRows } from "./temporaryRows.ts"

const { root, rows } = temporaryRows("filter")
const at = (name: string): string => join(root, name)

const trl = rows("trl.jsonl", trlPairs)
const ours = rows("ours.jsonl", [fir, crab])

describe("prefloop data filter", () => {
  const rules = at("rules.yaml")
  writeFileSync(rules, "- ties: {}\n- identical: {}\n")

  it("writes what is left and what was dropped, and counts by rule", async () => {
    const [out, dropped] = [at("kept.jsonl"), at("dropped.jsonl")]
    const args = ["data", "filter", trl, "--rules", rules, "--out", out, "--dropped", dropped]
    const { code, stderr, stdout } = await said(args)
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.deepStrictEqual(stdout.split("\n").slice(0, 4), [
      'preferences (format "trlExplicit", found in the first rows): 2 in, 1 out',
      "       0  ties",
      "       1  identical",
      '          "trl:2": chosen and rejected are the same'
    ])
    assert.deepStrictEqual(lines(out), [fir])
    assert.deepStrictEqual(lines(dropped), [
      { rule: "identical", why: "chosen and rejected are the same", record: crab }
    ])
    const json = await said([...args, "--json"])
    const found: unknown = JSON.parse(json.stdout)
    assert.deepInclude(found, { rowsIn: 2, rowsOut: 1, kind: "preferences" })
    assert.nestedInclude(found, { "counts.rowsIn": 2, "steps[1].dropped": 1 })
  })

  it("has a data set's empty responses dropped by a rule, or written as they are", async () => {
    const hh = rows("hh.jsonl", [
      { chosen: "\n\nHuman: Hi\n\nAssistant: Hello", rejected: "\n\nHuman: Hi\n\nAssistant: No" },
      { chosen: "\n\nHuman: Hi\n\nAssistant:", rejected: "\n\nHuman: Hi\n\nAssistant: No" }
    ])
    const args = [hh, "--dataset", "hhRlhf", "--out", at("hh.parquet"), "--json"]
    const written = await said(["data", "convert", ...args])
    assert.nestedInclude(JSON.parse(written.stdout), { "counts.recordsOut": 2 })
    const left = await said(["data", "filter", ...args, "--dataset-rules"])
    assert.nestedInclude(JSON.parse(left.stdout), { rowsIn: 2, rowsOut: 1 })
  })

  it("writes nothing where all are dropped", async () => {
    const none = rows("none.jsonl", [crab])
    const { code, stderr } = await said(["data", "filter", none, "--rules", rules, "--out", at("no.jsonl")])
    assert.deepStrictEqual([code, existsSync(at("no.jsonl"))], [2, false])
    assert.include(stderr, "all 1 records were dropped (ties 0, identical 1)")
  })

  it.each(Object.keys(datasets))("knows the rules of the recipe for %s", async (dataset) => {
    const source = `fixtures/dataset/${dataset}.jsonl`
    const tokenizer = ["--tokenizer", "fixtures/model/tied-bias-bfloat16"]
    const args = ["--dataset", dataset, "--dataset-rules", ...tokenizer, "--out", at(`${dataset}.jsonl`), "--json"]
    const { stdout } = await said(["data", "filter", source, ...args])
    const found: Record<string, unknown> = JSON.parse(stdout)
    if (found["event"] === "error") assert.match(String(found["message"]), /records were dropped|no record to write/)
    else assert.isAtLeast(Number(found["rowsOut"]), 1)
  })

  it("leaves out what shares words with test sets of any kind, and says which row, which item and which words", async () => {
    const asked = rows("asked.jsonl", [
      { prompt: "Tell me: WHICH planet is nearest?" },
      { prompt: "Which planet is far?" },
      { prompt: "A farmer has 3 cows and 4 hens" }
    ])
    const quiz = at("quiz.csv")
    writeFileSync(quiz, "id,question\nq,Which planet is nearest to the sun?\n")
    const sums = at("sums.json.gz")
    writeFileSync(
      sums,
      gzipSync(JSON.stringify([{ q: { text: "Old: a farmer has 3 cows" } }, { q: { text: "none" } }]))
    )
    const [out, overlaps] = [at("clean.jsonl"), at("overlaps.jsonl")]
    const args = ["data", "filter", asked, "--against", quiz, "--against", sums, "--ngram", "4", "--out", out]
    const { code, stderr, stdout } = await said([...args, "--overlaps", overlaps])
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.deepStrictEqual(stdout.split("\n").slice(1), [
      "       2  decontaminate",
      '          "asked:1": whole shares "which planet is nearest" with "quiz/2"',
      '          "asked:3": whole shares "a farmer has 3" with "sums/0"',
      '"quiz": 1 rows share words with 1 of its 1 items',
      '"sums": 1 rows share words with 1 of its 2 items',
      `Wrote "${out}" and "${overlaps}"`,
      ""
    ])
    assert.deepStrictEqual(lines(overlaps), [
      { promptId: "asked:1", benchmark: "quiz", item: "2", part: "whole", ngram: "which planet is nearest" },
      { promptId: "asked:3", benchmark: "sums", item: "0", part: "whole", ngram: "a farmer has 3" }
    ])
    assert.strictEqual(lines(out).length, 1)
    const json = await said([...args, "--json"])
    assert.nestedInclude(JSON.parse(json.stdout), { rowsOut: 1, "against[1].rows": 1, "against[1].items": 2 })
    const fields = await said([...args, "--against-fields", "question"])
    assert.deepStrictEqual([fields.code, fields.stderr.includes('wanted a text in "question"')], [2, true])
    const twice = await said([...args, "--against", at("other/quiz.jsonl")])
    assert.include(twice.stderr, 'found two test sets called "quiz"')
  })

  it("says which rules there are, and what is missing", async () => {
    const odd = at("odd.yaml")
    writeFileSync(odd, "- tie: {}\n")
    const unknown = await said(["data", "filter", ours, "--rules", odd, "--out", at("z.jsonl")])
    assert.strictEqual(unknown.code, 2)
    assert.include(unknown.stderr, 'found rule "tie", wanted a known one (')
    const missing = await said(["data", "filter", ours, "--dataset-rules", "--out", at("z.jsonl")])
    assert.include(missing.stderr, "found --dataset-rules without --dataset")
  })
})
