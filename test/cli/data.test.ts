import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { zstdCompressSync } from "node:zlib"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import { fakeHub, id, sha } from "../hub/fakeHub.ts"
import { crab, fir, lines, trlPairs } from "./pairs.ts"
import { said } from "./said.ts"
import { temporaryRows } from "./temporaryRows.ts"

const { root, rows } = temporaryRows("data")
const at = (name: string): string => join(root, name)

const trl = rows("trl.jsonl", trlPairs)
const ours = rows("ours.jsonl", [fir, crab])
const broken = at("broken.jsonl")
writeFileSync(
  broken,
  `${JSON.stringify(fir)}\n{"promptId": \n{"promptId":"p","messages":[]}\n${JSON.stringify(crab)}\n`
)

/** What `--json` says of rows. */
interface Counted {
  readonly rowsIn: number
  readonly recordsOut: number
  readonly skipped: Readonly<Record<string, { readonly rows: number }>>
}

describe("prefloop data show", () => {
  it("names the shape that it found, the columns, and prints the first records", async () => {
    const { code, stderr, stdout } = await said(["data", "show", trl, "--rows", "1"])
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.deepStrictEqual(stdout.split("\n"), [
      `"${trl}"`,
      'preferences, format "trlExplicit", found in the first rows',
      "columns promptId, messages, chosen, rejected, margin, chosenScore, rejectedScore",
      "",
      "promptId       trl:1",
      "messages       user: list oak",
      "chosen         fir",
      "rejected       crab",
      "margin         3",
      "chosenScore    4",
      "rejectedScore  1",
      ""
    ])
  })

  it("refuses rows that fit two shapes, and names both", async () => {
    const unclear = rows("unclear.jsonl", [
      { promptId: "p", prompt: "a", chosen: "b", rejected: "c", fromReference: "chosen" }
    ])
    const { code, stderr, stdout } = await said(["data", "show", unclear])
    assert.deepStrictEqual([code, stdout], [2, ""])
    assert.include(
      stderr,
      'found "promptChosenRejected", "trlExplicit", which fit equally, wanted one (write it down as format)'
    )
    assert.strictEqual((await said(["data", "show", unclear, "--format", "trlExplicit"])).code, 0)
  })

  it("takes a data set of the hub by its id and its layout, and says of which commit it is", () =>
    Effect.gen(function* () {
      const hub = yield* fakeHub({ "train.jsonl": readFileSync("fixtures/dataset/shp.jsonl", "utf8") })
      const environment = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: at("cache") }
      const args = ["data", "show", `hf:${id}`, "--dataset", "shp", "--rows", "1", "--json"]
      const { code, stdout } = yield* Effect.promise(() => said(args, { environment }))
      assert.strictEqual(code, 0)
      const found: { readonly lineage: object; readonly records: ReadonlyArray<object> } = JSON.parse(stdout)
      assert.deepInclude(found.lineage, { id, revision: "main", sha, split: "train", dataset: "shp" })
      assert.deepInclude(found.records[0], { promptId: "p1#a>b", chosen: "Six minutes", rejected: "Ask Google" })
      const offline = yield* Effect.promise(() =>
        said(args, { environment: { HF_HUB_OFFLINE: "1", HF_HUB_CACHE: at("nothing") } })
      )
      assert.deepStrictEqual([offline.code, offline.stdout.includes('"event":"error"')], [2, true])
    }).pipe(Effect.scoped, Effect.runPromise))
})

describe("prefloop data convert", () => {
  it("gives the same records through every kind of file", async () => {
    const steps = [trl, at("a.parquet"), at("b.arrow"), at("c.jsonl"), at("d.arrow"), at("e.jsonl")]
    for (const [i, out] of steps.slice(1).entries()) {
      const { code, stderr } = await said(["data", "convert", steps[i] ?? "", "--out", out])
      assert.deepStrictEqual([code, stderr], [0, ""])
    }
    assert.deepStrictEqual(lines(at("e.jsonl")), [fir, crab])
  })

  it("writes a folder that is read again", async () => {
    const folder = at("folder")
    const { code, stdout } = await said(["data", "convert", ours, "--out", folder])
    assert.deepStrictEqual(
      [code, stdout],
      [0, `Wrote 2 preferences of 2 rows to "${folder}" (format "records", found in the first rows)\n`]
    )
    const shown = await said(["data", "show", folder, "--rows", "1"])
    assert.include(shown.stdout, `"${folder}", split "train", 1 file\npreferences, format "trlExplicit"`)
  })

  it("writes nothing of a broken file, and says which line is broken", async () => {
    for (const out of [at("never.arrow"), at("never.jsonl"), at("never")]) {
      const { code, stderr, stdout } = await said(["data", "convert", broken, "--out", out])
      assert.deepStrictEqual([code, stdout], [2, ""])
      assert.include(stderr, `Cannot read "${broken}": line 2`)
    }
    assert.deepStrictEqual(
      readdirSync(root).filter((name) => name.startsWith("never")),
      []
    )
  })

  it("counts the rows that it skips by reason: those that are no JSON, and those that are no record", async () => {
    const out = at("rest.arrow")
    const args = ["data", "convert", broken, "--out", out, "--on-error", "skip", "--json"]
    const { code, stdout } = await said([...args, "--kind", "preferences", "--format", "records"])
    assert.strictEqual(code, 0)
    const { counts }: { readonly counts: Counted } = JSON.parse(stdout)
    const { JsonBroken, RowUnfit, ...others } = counts.skipped
    assert.deepStrictEqual([counts.rowsIn, counts.recordsOut], [4, 2])
    assert.deepStrictEqual([JsonBroken?.rows, RowUnfit?.rows, others], [1, 1, {}])
  })

  it("refuses a name that says no form, and a source without records", async () => {
    const unknown = await said(["data", "convert", ours, "--out", at("x.csv")])
    assert.deepStrictEqual([unknown.code, existsSync(at("x.csv"))], [2, false])
    assert.include(unknown.stderr, 'wanted one of ".jsonl", ".ndjson", ".arrow", ".parquet"')
  })
})

it("prefloop data stats reads CSV and zstd as it reads JSON lines", async () => {
  const csv = at("pairs.csv")
  writeFileSync(csv, "prompt,chosen,rejected\nlist oak,fir,crab\n")
  const zst = at("packed.jsonl.zst")
  writeFileSync(zst, zstdCompressSync(readFileSync(ours)))
  const { code, stdout } = await said(["data", "stats", csv, zst, "--json"])
  assert.strictEqual(code, 0)
  const found: unknown = JSON.parse(stdout)
  assert.nestedInclude(found, { "groups[0].rows": 1, "groups[1].rows": 2, "sources[1].counts.recordsOut": 2 })
  assert.nestedInclude(found, { "sources[0].lineage.format": "trlExplicit", "sources[1].lineage.format": "records" })
})

it("prefloop train reads data by the layout that --dataset names, and says which row does not have it", async () => {
  const csv = at("shp.csv")
  writeFileSync(csv, "prompt,chosen,rejected\nlist oak,fir,crab\n")
  const phase = ["train", "--loss", "dpo", "--model", "fixtures/garden/model", "--into", at("into")]
  const { code, stderr, stdout } = await said([...phase, "--data", csv, "--dataset", "shp", "--held-out", csv])
  assert.deepStrictEqual([code, stdout], [2, ""])
  const wrong = `Cannot read "${csv}": line 2 is no row of data set "shp"`
  assert.include(stderr, `  --data train.data: ${wrong}`)
  assert.include(stderr, `  --held-out train.heldOut.data: ${wrong}`)
})
