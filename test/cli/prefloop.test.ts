import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "vitest"
import { smallPipeline } from "../pipeline/small.ts"
import { bytesOf } from "./bytesOf.ts"
import { command } from "./command.ts"
import { fakeEngine } from "./fakeEngine.ts"
import { said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-"))
afterAll(() => rmSync(root, { recursive: true }))

const file = (name: string, text: string) => {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}

const small = file("small.yaml", smallPipeline)

it("prefloop --help names every command and loads no pipeline, no model, no ONNX Runtime", async () => {
  const trace = join(root, "trace.mjs")
  writeFileSync(
    trace,
    `import { registerHooks } from "node:module"
registerHooks({ load: (url, context, next) => (process.stderr.write("loads " + url + "\\n"), next(url, context)) })`
  )
  const environment = { NODE_OPTIONS: `--import ${trace}` }
  const { code, stderr, stdout } = await command({ program: "main", args: ["--help"], environment })
  assert.strictEqual(code, 0)
  for (const name of ["run", "check", "explain", "train", "logprobs", "export", "data"])
    assert.match(stdout, new RegExp(`^  ${name} `, "m"))
  assert.include(stderr, "src/cli/prefloop.ts")
  assert.notMatch(stderr, /src\/(pipeline|runtime|model|arrow)\/|onnxruntime|koffi/)
})

it("prefloop --version prints the version of package.json", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string } // as: our own file
  const { code, stdout } = await said(["--version"])
  assert.deepStrictEqual([code, stdout], [0, `prefloop v${version}\n`])
})

const commands = [
  ...["run", "check", "explain", "train", "logprobs", "label", "export", "serve", "chat"].map((name) => [name]),
  ["report", "length-bias"],
  ...["audit", "convert", "filter", "map", "mix", "preferences", "show", "stats"].map((name) => ["data", name])
]

it.each(commands.map((path) => [path.join(" "), path] as const))(
  "prefloop %s --help says of each flag with a value what it is without it",
  async (_, path) => {
    const { stdout } = await said([...path, "--help"])
    const [, flags = ""] = /\nFLAGS\n([^]*?)\n\n/.exec(stdout) ?? []
    const valued = flags.split("\n").filter((line) => /^ {2}--\S+(?:, --\S+)* [^ ]/.test(line))
    assert.isNotEmpty(valued)
    assert.deepStrictEqual(
      valued.filter((line) => !/\(default |\brequired\b|\brepeatable\b/.test(line)),
      []
    )
  }
)

const usage = [
  [["run"], "Missing required argument: file\n"],
  [["run", "x.yaml", "--frsh"], "Unrecognized flag: --frsh in command prefloop run, did you mean --fresh?\n"],
  [["run", "x.yaml", "--threads", "0"], 'Invalid value for flag --threads: "0". Expected a value greater than 0\n'],
  [["rum"], 'Unknown subcommand "rum" for "prefloop", did you mean run?\n']
] as const

it.each(usage)(
  "prefloop %j is a usage error: exit code 2, a sentence on stderr, nothing on stdout",
  async (args, sentence) => {
    const { code, stderr, stdout } = await said(args)
    assert.include(stderr, sentence)
    assert.deepStrictEqual([code, stdout], [2, ""])
  }
)

it("prefloop check reads a training file and its data", async () => {
  const { code, stdout } = await said(["check", "pipelines/dpo.train.tiny.yaml", "--set", "data.limit=3"])
  assert.deepStrictEqual([code, stdout.split("\n")[0]], [0, '"pipelines/dpo.train.tiny.yaml" is in order: 3 examples'])
})

it("prefloop check of a broken file ends with 2 and one sentence; --json says it on stdout too", async () => {
  const path = file("broken.yaml", smallPipeline.replace("iterations", "iteratons"))
  const message = `Cannot read "${path}": 2:1 iteratons: unknown key, did you mean "iterations"? (known: name, seed, iterations, arguments, models, sampler, decode, prompts, stages, train, baseline, evaluate, select, batchSizes)`
  const plain = await command({ program: "main", args: ["check", path] })
  assert.deepStrictEqual(plain, { code: 2, signal: null, stdout: "", stderr: `${message}\n` })
  const json = await said(["check", path, "--json"])
  assert.deepStrictEqual(JSON.parse(json.stdout), { event: "error", message, exitCode: 2 })
})

it("prefloop check counts what it read", async () => {
  const { code, stdout } = await said(["check", small, "--set", "prompts.limit=5"])
  assert.deepStrictEqual(
    [code, stdout],
    [
      0,
      [
        '"small" is in order: 5 prompts, 4 validation, 8 demonstrations, 8 offline',
        'prompts: "fixtures/garden/prompts.jsonl": prompts, format "records", found in the first rows',
        'models.policy.sft.data: "fixtures/garden/demonstrations.jsonl": demonstrations, format "records", found in the first rows',
        'evaluate.prompts: "fixtures/garden/validation.jsonl": prompts, format "records", found in the first rows',
        'baseline.offlineDpo.data: "fixtures/garden/preferences.jsonl": preferences, format "records", found in the first rows',
        ""
      ].join("\n")
    ]
  )
})

it("prefloop check says what persons are asked, where they are the preference", async () => {
  const text = smallPipeline
    .replace(
      "reward: { rule: garden }\n",
      "reward: { rule: garden }\n  preference: { person: { annotators: [ann] } }\n"
    )
    .replace("  - score: {}\n  - pair: {}\n", "  - judge: { ranking: roundRobin }\n")
    .replace("perTemperature: 4", "perTemperature: 5")
  const path = file("person.yaml", text)
  const { code, stdout } = await said(["check", path])
  // 4 prompts: 5·4/2 pairs of each, or 2·5 − 3 and the final
  const asked = [
    '"small" is in order: 8 prompts, 4 validation, 8 demonstrations, 8 offline',
    "comparisons asked of each person per iteration, at most: 40 (ann)",
    "comparisons asked of each person in all, at most: 80",
    "per iteration with ranking: tournament (2n − 3 of n responses, and the final): 32"
  ]
  assert.deepStrictEqual([code, stdout.split("\n").slice(0, asked.length)], [0, asked])
  const json = await said(["check", path, "--json"])
  const persons = { annotators: ["ann"], perIteration: 40, total: 80, byTournament: 32 }
  assert.deepStrictEqual(JSON.parse(json.stdout).persons, persons)
})

it("prefloop explain --json writes one JSON object", async () => {
  const { code, stdout } = await said(["explain", small, "--json"])
  assert.strictEqual(code, 0)
  assert.deepInclude(JSON.parse(stdout), { name: "small", total: { responses: 32, tokens: 256, optimizerSteps: 4 } })
})

it("prefloop run prints the table and where the selected policy lies", async () => {
  const out = join(root, "table")
  const { code, stderr, stdout } = await said(["run", small, "--out", out], { engine: fakeEngine() })
  assert.strictEqual(code, 0, stderr)
  for (const row of ["SFT \\(π₀\\)", "offline DPO", "iteration 1", "iteration 2"])
    assert.match(stdout, new RegExp(`^${row} `, "m"))
  assert.match(stdout, new RegExp(`^Selected .* with the highest goldReward \\([-\\d.]+\\): ${out}/\\S+$`, "m"))
  assert.match(stderr, /^train models\/sft: 2 steps in /m)
})

it("prefloop run --json writes JSON objects and nothing else, the results last", async () => {
  const args = ["run", small, "--out", join(root, "json"), "--json"]
  const { code, stderr, stdout } = await said(args, { engine: fakeEngine() })
  const events = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly event: string }) // as: every event of ours has this key
  assert.deepStrictEqual([code, stderr, events.at(-1)?.event], [0, "", "results"])
})

const learnt = file(
  "learnt.yaml",
  smallPipeline.replace(
    "{ rule: garden }",
    "{ bradleyTerry: { from: policy, data: { path: fixtures/garden/preferences.jsonl, limit: 8 } } }"
  )
)

const stops = [
  ["SIGINT", "train models/sft", 130, null],
  ["SIGINT", "train models/reward", 130, null],
  ["SIGINT", "sample 0", 130, null],
  ["SIGINT", "sample 1", 130, null],
  ["SIGINT", "train iteration-2/policy", 130, null],
  ["SIGINT", "train baseline/policy", 130, null],
  ["SIGKILL", "train iteration-2/policy", null, "SIGKILL"]
] as const

const whole = join(root, "whole")
beforeAll(async () => void (await said(["run", learnt, "--out", whole], { engine: fakeEngine() })))

it.each(stops)(
  "prefloop run stopped by %s in %s continues to the bytes of an unbroken run",
  async (signal, slow, code, by) => {
    const name = `${signal}-${slow.replaceAll(/\W/g, "-")}`
    const out = join(root, name)
    const stopped = await command({
      program: "fakeMain",
      args: ["run", learnt, "--out", out],
      environment: { SLOW: slow },
      stop: { at: `slow: ${slow}`, signal }
    })
    assert.deepStrictEqual([stopped.code, stopped.signal, stopped.stdout], [code, by, ""])
    if (signal === "SIGINT") {
      assert.include(stopped.stderr, `Interrupted: run the same command again to continue in "${out}"\n`)
      assert.include(readFileSync(join(out, "run.json"), "utf8"), '"state": "interrupted"')
    }
    const again = await said(["run", learnt, "--out", out], { engine: fakeEngine() })
    assert.strictEqual(again.code, 0, again.stderr)
    assert.include(again.stderr, `Continuing in "${out}"`)
    if (slow === "train iteration-2/policy") assert.notInclude(again.stderr, "sample, iteration 2")
    assert.deepStrictEqual(bytesOf(out), bytesOf(whole))
  }
)

/** Waits until a condition holds; the time of a test ends it. */
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50))
}

it("prefloop run keeps out of a folder where another process runs", async () => {
  const out = join(root, "locked")
  const args = ["run", small, "--out", out]
  const first = command({ program: "fakeMain", args, environment: { SLOW: "sample 1" } })
  await until(() => existsSync(join(out, "lock")))
  const owner = Number(readFileSync(join(out, "lock"), "utf8"))
  const { code, stderr } = await said(args, { engine: fakeEngine() })
  process.kill(owner, "SIGKILL")
  assert.strictEqual((await first).signal, "SIGKILL")
  assert.strictEqual(code, 1)
  assert.include(stderr, `Cannot use the run folder "${out}": process ${owner} is working on it`)
})
