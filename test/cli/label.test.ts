import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, describe, it } from "vitest"
import { said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-label-"))
afterAll(() => rmSync(root, { recursive: true }))

const lines = (name: string, rows: ReadonlyArray<unknown>): string => {
  const path = join(root, name)
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
  return path
}

const model = "fixtures/model/untied-scaled-sharded"
const messages = [{ role: "user", content: "list oak" }]
const pairs = lines(
  "pairs.jsonl",
  ["a", "b", "c"].map((id) => ({ pairId: id, promptId: id, messages, first: "crab", second: "wave" }))
)

interface View {
  readonly done: number
  readonly total: number
  readonly pair?: { readonly pairId: string; readonly upper: string; readonly lower: string }
}

/** `prefloop label` in a process of its own, whose page is open. */
const started = async (...args: ReadonlyArray<string>) => {
  const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))
  const child = spawn(process.execPath, [main, "label", ...args], { env: { ...process.env, NO_COLOR: "1" } })
  let stdout = ""
  let stderr = ""
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  )
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString()
      const found = /Open (http:\S+)/.exec(stderr)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.on("close", () => reject(new Error(stderr)))
  })
  const ask = async (path: string, body?: unknown): Promise<View> => {
    const headers = { origin: new URL(url).origin, "content-type": "application/json" }
    const sent = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) }
    return (await (await fetch(`${url}${path}`, sent)).json()) as View // as: what the page is told
  }
  /** Judges the pair that is shown by the rule that a text with this word is better; "tie" without a word. */
  const judge = async (annotator: string, word: string) => {
    const { pair } = await ask(`state?annotator=${annotator}`)
    const choice = word === "tie" ? "tie" : pair?.upper.includes(word) ? "upper" : "lower"
    return ask("verdict", { annotator, pairId: pair?.pairId, choice })
  }
  return { ask, judge, ended, stop: (signal: NodeJS.Signals) => child.kill(signal) }
}

const labels = join(root, "labels.arrow")
const args = ["--pairs", pairs, "--annotator", "ann", "--annotator", "ben", "--out", labels] as const

describe("prefloop label", () => {
  it("keeps every verdict through a stop and a kill, and goes on where each annotator was", async () => {
    const first = await started(...args)
    await first.judge("ann", "crab")
    await first.judge("ben", "crab")
    await first.judge("ann", "wave")
    first.stop("SIGINT")
    const stopped = await first.ended
    assert.include(stopped.stderr, `Interrupted: run the same command again to go on with "${labels}"`)
    assert.strictEqual(existsSync(`${labels}.lock`), false)

    const second = await started(...args)
    const back = await second.ask("undo", { annotator: "ann" })
    assert.deepStrictEqual([back.done, back.pair?.pairId], [1, "b"])
    await second.judge("ann", "crab")
    second.stop("SIGKILL")
    await second.ended

    const third = await started(...args)
    assert.strictEqual((await third.ask("state?annotator=ann")).pair?.pairId, "c")
    await third.judge("ann", "wave")
    await third.judge("ben", "wave")
    const last = await third.judge("ben", "tie")
    assert.deepStrictEqual([last.done, last.total, last.pair], [3, 3, undefined])
    await third.ask("finish", {})
    const { code, stdout } = await third.ended
    assert.strictEqual(code, 0)
    // ann: crab, crab, wave; ben: crab, wave, tie
    assert.strictEqual(
      stdout,
      [
        "ann judged 3 of 3 pairs",
        "ben judged 3 of 3 pairs",
        // pₑ = ⅔·⅓ + ⅓·⅓ = ⅓, pₒ = ⅓
        "Agreement of ann, ben on 3 pairs: 33.3 % of labels, Cohen's kappa 0.000",
        `6 verdicts are in "${labels}"`,
        ""
      ].join("\n")
    )
  })

  it("refuses a second process on the same file", async () => {
    const first = await started(...args)
    const { code, stderr } = await said(["label", ...args])
    first.stop("SIGTERM")
    await first.ended
    assert.deepStrictEqual([code, stderr.includes("has the labels open, wanted them for this one alone")], [2, true])
  })

  it("draws answers of a policy, the same ones when it goes on", async () => {
    const prompts = lines("prompts.jsonl", [{ promptId: "p", messages: [{ role: "user", content: "list oak" }] }])
    const out = join(root, "drawn.arrow")
    const drawn = ["--prompts", prompts, "--policy", model, "--annotator", "ann"]
    const waitFor = async (run: Awaited<ReturnType<typeof started>>) => {
      for (let i = 0; i < 600; i++) {
        const view = await run.ask("state?annotator=ann")
        if (view.total > 0) return view
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error("No pair came")
    }
    const first = await started(...drawn, "--out", out, "--max-new-tokens", "4")
    const { pair } = await waitFor(first)
    assert.isDefined(pair)
    assert.notStrictEqual(pair?.upper, pair?.lower)
    await first.judge("ann", "tie")
    first.stop("SIGINT")
    await first.ended
    const second = await started(...drawn, "--out", out, "--max-new-tokens", "4")
    const again = await waitFor(second)
    second.stop("SIGINT")
    await second.ended
    assert.deepStrictEqual([again.done, again.pair], [1, undefined])
  })
})

const row = (promptId: string, chosen: string, rejected: string, margin: number) => ({
  promptId,
  messages,
  chosen,
  rejected,
  margin
})

describe("prefloop data preferences", () => {
  it("writes the majority as rows that training reads, and counts ties", async () => {
    const out = join(root, "preferences.jsonl")
    const { code, stderr, stdout } = await said(["data", "preferences", labels, "--out", out, "--json"])
    assert.deepStrictEqual([code, stderr], [0, ""])
    const written = readFileSync(out, "utf8").trimEnd().split("\n")
    assert.deepStrictEqual(
      written.map((line) => JSON.parse(line)),
      [row("a", "crab", "wave", 1), row("c", "wave", "crab", 0.5)]
    )
    const { agreement, ...counts } = JSON.parse(stdout)
    assert.deepStrictEqual(counts, {
      verdicts: 6,
      pairs: 3,
      preferences: 2,
      dropped: { tie: 1, identical: 0, empty: 0 }
    })
    assert.strictEqual(agreement.measure, "Cohen")
    const audit = await said(["data", "audit", "--model", model, "--data", out, "--json"])
    assert.deepStrictEqual([audit.code, JSON.parse(audit.stdout).kind], [0, "preferences"])
  })
})

describe("prefloop report length-bias", () => {
  it("prints the numbers and writes data and picture", async () => {
    const responses = ["a", "bb", "ccc"].map((text, sample) => ({
      text,
      tokens: 1,
      finish: "stop",
      temperature: 1,
      sample
    }))
    const scored = lines("scored.jsonl", [
      { promptId: "p", messages, responses, rewards: [1, 2, 3] },
      { promptId: "q", messages, responses, rewards: [1, 1, 1] }
    ])
    const out = join(root, "report")
    const { code, stderr, stdout } = await said(["report", "length-bias", scored, "--out", out])
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.strictEqual(
      stdout,
      [
        "Mean coefficient 1.000 (95 % interval 1.000 to 1.000) over 1 of 2 prompts, 1 of one reward",
        `Wrote "${out}/length-bias.json" and "${out}/length-bias.svg"`,
        ""
      ].join("\n")
    )
    assert.strictEqual(JSON.parse(readFileSync(`${out}/length-bias.json`, "utf8")).mean, 1)
    assert.match(readFileSync(`${out}/length-bias.svg`, "utf8"), /^<svg .*<\/svg>\n$/s)
  })
})

const wrong = [
  [["label", "--annotator", "ann", "--out", "x.arrow"], "Cannot label: found none of them, wanted --pairs, or"],
  [
    ["label", "--annotator", "ann", "--out", "x.arrow", "--pairs", "p", "--policy", "m"],
    "Cannot label: found --pairs and --policy, wanted --pairs, or --prompts with --policy"
  ],
  [
    ["label", "--annotator", "ann", "--out", join(root, "x.arrow"), "--pairs", "none.jsonl"],
    'Cannot read "none.jsonl": found no such file'
  ],
  [["label", "--pairs", "p", "--out", "x.arrow"], "--annotator"],
  [["data", "preferences", pairs, "--out", join(root, "x")], 'field "annotator": found nothing, wanted string'],
  [["report", "length-bias", "none.arrow", "--out", root], 'Cannot read "none.arrow": found no such file'],
  [["report", "length-bias", pairs, "--out", root], 'line 1, field "responses": found nothing, wanted array']
] as const

it.each(wrong)("prefloop %j ends with 2 and says what is wrong", async (given, sentence) => {
  const { code, stderr, stdout } = await said(given)
  assert.include(stderr, sentence)
  assert.deepStrictEqual([code, stdout], [2, ""])
})
