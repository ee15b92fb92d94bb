import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { smallPipeline } from "../pipeline/small.ts"
import { bytesOf } from "./bytesOf.ts"
import { fakeEngine } from "./fakeEngine.ts"
import { realEngine, said } from "./said.ts"

const root = mkdtempSync(join(tmpdir(), "prefloop-disk-"))
const disk = join(root, "disk")
mkdirSync(disk)

const succeeds = (program: string, ...args: ReadonlyArray<string>) => spawnSync(program, args).status === 0
const mount = (size: string) => succeeds("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk)
const enlarge = (size: string) => succeeds("mount", "-o", `remount,size=${size}`, disk)
const unmount = () => succeeds("umount", disk)

/** Only root may make a small disk. */
const mountable = mount("64k") && unmount()

afterAll(() => {
  unmount()
  rmSync(root, { recursive: true })
})

const small = join(root, "small.yaml")
writeFileSync(small, smallPipeline)

const sentence = (what: string, folder: string) =>
  `${what}: found no space left on the disk of "${folder}", wanted more (free some, then the same command continues where it stopped)\n`

/** A command with an engine that has no models. */
const fake = (args: ReadonlyArray<string>, at: Parameters<typeof fakeEngine>[0] = {}) =>
  said(args, { engine: fakeEngine(at) })

/** A short run of real models. */
const run = (out: string) => {
  const sets = ["iterations=1", "prompts.perIteration=16"].flatMap((set) => ["--set", set])
  return said(["run", "pipelines/quickstart.tiny.yaml", ...sets, "--threads", "1", "--out", out], {
    engine: realEngine
  })
}

/** Names under which something half-written would lie. */
const halves = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.(part|tmp)$/.test(name))

/** The lines of stderr that tell of no progress. */
const told = (stderr: string) => stderr.split(/(?<=\n)/).at(-1)

describe.skipIf(!mountable)("prefloop run on a full disk (needs the right to mount a small one)", () => {
  const fills = [
    ["train models/sft", "use the run folder"],
    ["trained models/sft", "run"],
    ["sample 1", "run"],
    ["trained iteration-2/policy", "run"]
  ] as const

  const whole = join(root, "whole-small")
  beforeAll(async () => void (await fake(["run", small, "--out", whole])))

  it.each(fills)("filled at %j ends with 1 and one sentence, and continues to the same bytes", async (at, action) => {
    assert.isTrue(mount("1m"))
    const out = join(disk, "run")
    const filler = join(disk, "filler")
    const args = ["run", small, "--out", out]
    const stopped = await fake(args, { full: at, filler })
    assert.deepStrictEqual(
      [stopped.code, stopped.stdout, told(stopped.stderr)],
      [1, "", sentence(`Cannot ${action} "${action === "run" ? "small" : out}"`, out)]
    )
    assert.deepStrictEqual(halves(out), [])
    rmSync(filler)
    const again = await fake(args)
    assert.strictEqual(again.code, 0, again.stderr)
    assert.deepStrictEqual(bytesOf(out), bytesOf(whole))
    assert.isTrue(unmount())
  })

  it("with no room for the run folder itself names the folder", async () => {
    assert.isTrue(mount("4k"))
    const out = join(disk, "run")
    const { code, stderr } = await fake(["run", small, "--out", out])
    assert.deepStrictEqual([code, stderr], [1, sentence(`Cannot use the run folder "${out}"`, out)])
    assert.isTrue(unmount())
  })

  it("that is enlarged while real models are trained continues to the bytes of an undisturbed run", async () => {
    // three models of 3 MB fit, the fourth, which the first iteration trains, does not
    assert.isTrue(mount("10m"))
    const out = join(disk, "run")
    const stopped = await run(out)
    assert.deepStrictEqual(
      [stopped.code, stopped.stdout, told(stopped.stderr)],
      [1, "", sentence('Cannot run "quickstart-tiny"', out)]
    )
    assert.deepStrictEqual([halves(out), readdirSync(join(out, "models"))], [[], ["random", "reward", "sft"]])
    assert.notInclude(readdirSync(join(out, "iteration-1")), "policy")
    assert.isTrue(enlarge("64m"))
    const again = await run(out)
    assert.strictEqual(again.code, 0, again.stderr)
    assert.notInclude(again.stderr, "train models/sft")
    const undisturbed = join(root, "undisturbed")
    assert.strictEqual((await run(undisturbed)).code, 0)
    assert.deepStrictEqual(bytesOf(out), bytesOf(undisturbed))
    assert.isTrue(unmount())
  })
})
